// Everything here is a convenience: each page works without it.
import { start as columns } from './columns.js'
import { start as dialogs } from './dialogs.js'
import { start as drafts } from './drafts.js'
import { start as emergency } from './emergency.js'
import { start as files } from './files.js'
import { start as forms } from './forms.js'
import { start as identity } from './identity.js'
import { start as keys } from './keys.js'
import { start as live } from './live.js'
import { start as proof } from './proof.js'
import { start as receipt } from './receipt.js'
import { start as tables } from './tables.js'
import { start as take } from './take.js'

document.documentElement.classList.add('js')

// Without a network, a page of ours instead of the browser's. Browsers allow it over HTTPS alone.
if (navigator.serviceWorker && window.isSecureContext) navigator.serviceWorker.register('/service-worker.js').catch(() => {})

for (const start of [drafts, identity, receipt, emergency, proof, forms, files, dialogs, tables, columns, take, keys, live]) {
  start(document)
}

// On a phone the strip of pages stands where the present one is in sight.
const here = document.querySelector('.nav-desk [aria-current]')
if (here) {
  const strip = here.closest('ul')
  strip.scrollLeft = here.offsetLeft - (strip.clientWidth - here.offsetWidth) / 2
}

// What htmx swaps in comes alive as the page did. Where somebody asked for it, the reader is led to its beginning: its
// heading, or its first field.
document.addEventListener('htmx:after:swap', (event) => {
  for (const start of [drafts, forms, files, tables, columns, take, keys]) {
    start(document)
  }
  const swap = event.detail.ctx
  const target = swap.target
  if (!swap.sourceElement?.matches('a, button') || !target?.isConnected || target.contains(document.activeElement)) return
  const first = target.querySelector('h1, h2, h3, input:not([type="hidden"]), textarea, select')
  if (first?.matches('h1, h2, h3')) first.tabIndex = -1
  first?.focus()
})
