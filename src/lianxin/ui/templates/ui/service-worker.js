// Where the network is away, our own page says so. Nothing that anybody reads or writes is ever kept here.
const OFFLINE = '{% url "ui:offline" %}'
const STYLE = '/static/lianxin/error.css'
const KEPT = 'lianxin-offline-1'

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

self.addEventListener('fetch', (event) => {
  const spare = event.request.mode === 'navigate' ? OFFLINE : new URL(event.request.url).pathname === STYLE && STYLE
  if (spare) event.respondWith(fetch(event.request).catch(() => caches.match(spare)))
})
