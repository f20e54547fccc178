// A small proof of work for a form that many send at the same moment: a number for which the SHA-256 of ticket and
// number begins with so many zero bits. Without WebCrypto (an address without https) the form goes as it is, and waits.
import { fresh } from './common.js'

const AT_ONCE = 256

function zeroBits(digest) {
  const bytes = new Uint8Array(digest)
  let bits = 0
  for (const byte of bytes) {
    if (byte) return bits + Math.clz32(byte) - 24
    bits += 8
  }
  return bits
}

async function solve(ticket, bits) {
  const letters = new TextEncoder()
  for (let first = 0; ; first += AT_ONCE) {
    const tries = Array.from({ length: AT_ONCE }, (_, n) =>
      crypto.subtle.digest('SHA-256', letters.encode(`${ticket}:${first + n}`)),
    )
    const found = (await Promise.all(tries)).findIndex((digest) => zeroBits(digest) >= bits)
    if (found >= 0) return String(first + found)
  }
}

function prove(ticket) {
  const form = ticket.form
  const proof = form?.elements.namedItem('proof')
  if (!proof || !globalThis.crypto?.subtle) return
  const when = (ticket.dataset.proofWhen || '').split('=')
  let work = null
  let isSending = false
  const found = () => (work ??= solve(ticket.value, Number(ticket.dataset.proof)).then((n) => { proof.value = n }))
  // Who was asked to wait need not: what takes the place of waiting is worked out meanwhile.
  const done = form.querySelector('[data-proof-done]')
  if (ticket.hasAttribute('data-proof-now')) found().then(() => { if (done) done.textContent = done.dataset.proofDone })
  form.addEventListener(
    'submit',
    (event) => {
      if (proof.value || (when[0] && new FormData(form).get(when[0]) !== when[1])) return
      event.preventDefault()
      event.stopImmediatePropagation()
      if (isSending) return
      isSending = true
      event.submitter?.setAttribute('aria-busy', 'true')
      found().then(() => {
        if (form.requestSubmit) form.requestSubmit(event.submitter)
        else form.submit()
      })
    },
    { capture: true },
  )
}

export function start(root) {
  fresh(root, 'input[data-proof]', 'proof').forEach(prove)
}
