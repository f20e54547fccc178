// Which columns of a table to show; this browser remembers. The first one always stays.
import { element, fresh } from './common.js'

function remembered(key) {
  try {
    return new Set(JSON.parse(window.localStorage.getItem(key)) || [])
  } catch {
    return new Set()
  }
}

function remember(key, hidden) {
  try {
    window.localStorage.setItem(key, JSON.stringify([...hidden]))
  } catch {
    // Without a storage the choice lasts as long as the page.
  }
}

/** What a column is called, however the table is sorted. */
function nameOf(head) {
  return head.dataset.name || head.textContent.trim()
}

function attach(menu) {
  const table = document.getElementById(menu.dataset.columnsFor)
  const key = `lianxin-columns:${window.location.pathname}:${table.id}`
  const heads = [...table.tHead.rows[0].cells]
  const first = heads.findIndex((head) => !head.classList.contains('cell-select'))
  const hidden = remembered(key)

  function apply() {
    for (const row of table.rows) {
      [...row.cells].forEach((cell, index) => {
        cell.hidden = hidden.has(heads[index] && nameOf(heads[index]))
      })
    }
  }

  const list = menu.querySelector('.menu-items')
  heads.slice(first + 1).forEach((head) => {
    const name = nameOf(head)
    const box = element('input', { type: 'checkbox', className: 'form-check-input', checked: !hidden.has(name) })
    box.addEventListener('change', () => {
      if (box.checked) hidden.delete(name)
      else hidden.add(name)
      remember(key, hidden)
      apply()
    })
    list.append(element('li', {}, element('label', { className: 'menu-item' }, box, name)))
  })
  new MutationObserver(apply).observe(table.tBodies[0], { childList: true })
  menu.hidden = false
  apply()
}

export function start(root) {
  fresh(root, '[data-columns-for]', 'columns').forEach(attach)
}
