// Where the network is away, our own page says so. Nothing that anybody reads or writes is ever kept here.
const OFFLINE = '{% url "ui:offline" %}'
const STYLE = '/static/lianxin/error.css'
const KEPT = 'lianxin-offline-2'

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches.open(KEPT)
      .then((cache) => cache.addAll([OFFLINE, STYLE].map((address) => new Request(address, { cache: 'reload' }))))
      .then(() => self.skipWaiting()),
  )
})

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  )
})

async function instead(request, spare) {
  try {
    return await fetch(request)
  } catch (error) {
    // A server that is down or a certificate that is wrong is not "no network": the browser says which it is.
    if (navigator.onLine) throw error
    return caches.match(spare)
  }
}

self.addEventListener('fetch', (event) => {
  const { request } = event
  // The answer to a form is the browser's own affair, also when somebody goes back to it.
  if (request.method !== 'GET') return
  if (request.mode === 'navigate') event.respondWith(instead(request, OFFLINE))
  else if (new URL(request.url).pathname === STYLE) event.respondWith(instead(request, STYLE))
})
