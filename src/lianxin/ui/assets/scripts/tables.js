// A work table by keyboard: ↓ j and ↑ k move, Enter opens, x selects. Tab and links work as ever.
import { fresh } from './common.js'
import { isForPage, singleKeysAreOn } from './keys.js'

function rows(table) {
  return [...table.tBodies[0].rows].filter((row) => row.querySelector('a.row-link'))
}

function go(table, step) {
  const all = rows(table)
  if (!all.length) return
  const here = all.findIndex((row) => row.classList.contains('row-here'))
  const next = all[Math.min(Math.max(here + step, 0), all.length - 1)]
  all.forEach((row) => row.classList.toggle('row-here', row === next))
  next.querySelector('a.row-link').focus({ preventScroll: true })
  next.scrollIntoView({ block: 'nearest' })
}

function attachSelection(table) {
  const all = table.querySelector('[data-select-all]')
  const each = () => [...table.querySelectorAll('[data-select]')]
  const update = () => {
    const ticked = each().filter((box) => box.checked).length
    if (all) {
      all.checked = ticked > 0 && ticked === each().length
      all.indeterminate = ticked > 0 && ticked < each().length
    }
    document.querySelectorAll('[data-selected-count]').forEach((place) => {
      place.textContent = ticked
    })
    document.querySelectorAll('[data-needs-selection]').forEach((button) => {
      button.disabled = ticked === 0
    })
  }
  all?.addEventListener('change', () => {
    each().forEach((box) => {
      box.checked = all.checked
    })
    update()
  })
  table.addEventListener('change', update)
  update()
}

function attach(table) {
  attachSelection(table)
  table.addEventListener('focusin', (event) => {
    const row = event.target.closest('tbody tr')
    rows(table).forEach((each) => each.classList.toggle('row-here', each === row))
  })
}

function key(event) {
  if (!isForPage(event)) return
  const table = event.target.closest('[data-work-table]') || document.querySelector('[data-work-table]')
  if (!table) return
  // An arrow is meant for the table where nothing else has the focus.
  const free = table.contains(event.target) || event.target === document.body || event.target.id === 'content'
  const single = singleKeysAreOn()
  if ((event.key === 'j' && single) || (event.key === 'ArrowDown' && free)) go(table, 1)
  else if ((event.key === 'k' && single) || (event.key === 'ArrowUp' && free)) go(table, -1)
  else if (event.key === 'x' && single) table.querySelector('.row-here [data-select]')?.click()
  else return
  event.preventDefault()
}

export function start(root) {
  fresh(root, '[data-work-table]', 'table').forEach(attach)
  fresh(root, 'body', 'keys').forEach((body) => body.addEventListener('keydown', key))
}
