// Says quietly that something changed, and leaves it to the reader when to see it.
import { announce, element, say } from './common.js'

const EVERY = 30_000

function watch(place) {
  async function look() {
    if (document.hidden) return
    try {
      const answer = await fetch(place.dataset.live, { headers: { Accept: 'text/plain' } })
      if (!answer.ok || answer.redirected) return
      if ((await answer.text()).trim() === place.dataset.liveVersion) return
    } catch {
      return // no connection: try again later
    }
    clearInterval(timer)
    const link = element('a', { className: 'btn btn-secondary', href: window.location.href, textContent: say('changed') })
    place.className = 'live-line'
    place.replaceChildren(link)
    announce(say('changed'))
  }
  const timer = setInterval(look, EVERY)
  document.addEventListener('visibilitychange', look)
}

export function start(root) {
  root.querySelectorAll('[data-live]').forEach(watch)
}
