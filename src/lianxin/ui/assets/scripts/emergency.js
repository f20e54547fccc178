// Words of danger are looked for here, in the browser, so that nothing of a draft leaves it; then the phones come first.
import { announce, element, fresh } from './common.js'

// As far as it matters here, what `text.normalising.plain` does on the server.
function plain(text) {
  return text
    .normalize('NFKC')
    .replace(/[\u00ad\u200b-\u200f\u2060-\u206f\ufeff]/g, '')
    .replace(/\s+/g, ' ')
    .toLowerCase()
}

/** Whether the words stand in the text, other than right behind what takes the danger away ("prevent", "no"). */
function speaksOf(text, words, spared) {
  const pattern = new RegExp(words, 'g')
  for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
    const before = text.slice(0, found.index)
    if (!spared.some((word) => before.endsWith(word))) return true
    pattern.lastIndex = found.index + 1
  }
  return false
}

function kindIn(text, data) {
  const found = data.dangers.find((each) => speaksOf(text, each.words, data.spared))
  if (!found) return 'calm'
  return found.kind === data.crisis ? 'crisis' : 'danger'
}

function show(block, kind) {
  const parts = block.querySelectorAll('[data-emergency-shows]')
  parts.forEach((part) => {
    const shown = part.dataset.emergencyShows === kind
    if (shown && part.hidden && kind !== 'calm') announce(part.textContent.replace(/\s+/g, ' '))
    part.hidden = !shown
  })
}

/** Puts the duty phones of a place in front of the public numbers. */
function dutyPhones(block, phones) {
  block.querySelectorAll('[data-duty]').forEach((each) => each.remove())
  block.querySelectorAll('.phones').forEach((list) => {
    const icon = list.querySelector('svg')
    list.prepend(...phones.map((phone) => {
      const words = element('span', {}, `${phone.name} `, element('strong', { textContent: phone.number }))
      const link = element('a', { className: 'btn btn-phone', href: `tel:${phone.dial}` }, words)
      if (icon) link.prepend(icon.cloneNode(true))
      const line = element('li', {}, link)
      line.dataset.duty = ''
      return line
    }))
  })
  const first = block.querySelector('.phones-line span')
  phones.forEach((phone) => {
    const link = element('a', { href: `tel:${phone.dial}`, textContent: `${phone.name} ${phone.number}` })
    const span = element('span', {}, link)
    span.dataset.duty = ''
    first?.before(span, ' ')
  })
}

function watch(block, data) {
  const fields = block.dataset.emergencyWords.split(' ').map((id) => document.getElementById(id)).filter(Boolean)
  const look = () => show(block, kindIn(plain(fields.map((field) => field.value).join('\n')), data))
  fields.forEach((field) => field.addEventListener('input', look))
  look()

  const place = document.getElementById(block.dataset.emergencyPlace)
  place?.addEventListener('change', () => {
    const list = place.value ? data.places[place.value] : data.whole
    dutyPhones(block, data.phones[list] || [])
    block.querySelector('[data-emergency-unreached]').hidden = !data.unreached.includes(Number(place.value || data.root))
  })
}

export function start(root) {
  fresh(root, '[data-emergency]', 'emergency').forEach(async (block) => {
    try {
      // Without cookies: what is asked for is the same for everybody, and nobody need be known for it.
      const answer = await fetch(block.dataset.emergency, { credentials: 'omit' })
      if (answer.ok) watch(block, await answer.json())
    } catch {
      // Without a network the calm line with the numbers stays.
    }
  })
}
