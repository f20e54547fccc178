// Words of danger are looked for here, in the browser, so that nothing of a draft leaves it; then the phones come first.
import { announce, element, fresh } from './common.js'

const ENTITY = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|amp);/gi
const INVISIBLE =
  // eslint-disable-next-line no-control-regex
  /[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb]/g

function unescaped(text) {
  return text.replace(ENTITY, (_, decimal, hexadecimal) => {
    if (!decimal && !hexadecimal) return '&'
    const point = decimal ? parseInt(decimal, 10) : parseInt(hexadecimal, 16)
    return point <= 0x10ffff ? String.fromCodePoint(point) : ''
  })
}

// What `nlp.normalization.plain` does on the server, but for entities with names.
function plain(text) {
  return unescaped(unescaped(unescaped(text)))
    .replace(INVISIBLE, '')
    .normalize('NFKC')
    .replace(INVISIBLE, '')
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

// As `nlp.risk_detection.dangers` folds a text: characters as they are written here, and nothing between those of a word.
function folded(text, data) {
  return [...text].map((letter) => data.characters[letter] ?? letter).join('').replace(new RegExp(data.gaps, 'g'), '')
}

function kindIn(written, data) {
  const text = folded(written, data)
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

/** The chosen place; left empty, one's own unit, but for an anonymous case. */
function unitMeant(block, place) {
  const anonymous = place.form.querySelector('[name=identity]:checked')?.value === 'anonymous'
  return Number(place.value || (anonymous ? '' : block.dataset.emergencyOwn))
}

function watch(block, data) {
  const fields = block.dataset.emergencyWords.split(' ').map((id) => document.getElementById(id)).filter(Boolean)
  const look = () => show(block, kindIn(plain(fields.map((field) => field.value).join('\n')), data))
  fields.forEach((field) => field.addEventListener('input', look))
  look()
  block.dataset.ready = ''

  const place = document.getElementById(block.dataset.emergencyPlace)
  if (!place) return
  const follow = () => {
    const unit = unitMeant(block, place) || data.root
    dutyPhones(block, data.phones[unit === data.root ? data.whole : data.places[unit]] || [])
    block.querySelector('[data-emergency-unreached]').hidden = !data.unreached.includes(unit)
  }
  place.form.addEventListener('change', follow) // the identity matters, too
  follow()
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
