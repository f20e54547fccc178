// Chosen files with previews. What cannot be taken is said at once and costs no other file: too many, too large and, as
// the server sees it, whatever is no picture that this browser can show.
import { element, fresh, say } from './common.js'

/** The picture in a file, or nothing where it is none that this browser can show. */
async function pictureIn(file) {
  const address = await new Promise((resolve) => {
    const reader = new FileReader()
    reader.addEventListener('loadend', () => resolve(reader.result || ''))
    reader.readAsDataURL(file)
  })
  const picture = element('img', { alt: '', src: address }) // a data: address, which the content security policy allows
  return picture.decode().then(() => picture, () => undefined)
}

/** Why the server would not take a file; empty where it would, or where it cannot be asked. */
async function askAbout(file, box, input) {
  if (!box.dataset.check) return ''
  const form = new FormData()
  form.append('csrfmiddlewaretoken', input.form.elements.csrfmiddlewaretoken.value)
  form.append('file', file)
  try {
    const answer = await fetch(box.dataset.check, { method: 'POST', body: form })
    return answer.ok && !answer.redirected ? answer.text() : ''
  } catch {
    return ''
  }
}

function attach(box) {
  const input = box.querySelector('input[type="file"]')
  const list = box.querySelector('.file-list')
  const refused = box.querySelector('.file-refused')
  const most = Number(box.dataset.most)
  const megabytes = Number(box.dataset.megabytes)
  const lines = new Map()

  function send() {
    const transfer = new DataTransfer()
    lines.forEach((_, file) => transfer.items.add(file))
    input.files = transfer.files
    list.hidden = lines.size === 0
  }

  function drop(file) {
    lines.get(file)?.remove()
    lines.delete(file)
    send()
  }

  function complain(...reasons) {
    refused.textContent = [...new Set(reasons.filter(Boolean))].join(' ')
    refused.hidden = !refused.textContent // a live region: it is read out
  }

  async function look(file, line) {
    const picture = input.accept.split(',').includes(file.type) && await pictureIn(file)
    if (picture) {
      line.firstChild.after(picture)
      return
    }
    line.setAttribute('aria-busy', 'true')
    const reason = await askAbout(file, box, input)
    line.removeAttribute('aria-busy')
    if (!reason || !lines.has(file)) return
    drop(file)
    complain(refused.textContent, reason)
  }

  function take(file) {
    const remove = element('button', { type: 'button' }, element('span', { textContent: '×', ariaHidden: 'true' }))
    remove.setAttribute('aria-label', say('remove', { name: file.name }))
    remove.addEventListener('click', () => {
      drop(file)
      input.focus()
    })
    const line = element('li', {}, element('span', { className: 'file-name', textContent: file.name }), remove)
    lines.set(file, line)
    list.append(line)
    look(file, line)
  }

  function add(files) {
    const reasons = []
    for (const file of files) {
      if (file.size > megabytes * 1024 * 1024) reasons.push(say('large', { name: file.name, n: megabytes }))
      else if (lines.size >= most) reasons.push(say('many', { n: most }))
      else if (![...lines.keys()].some((other) => other.name === file.name && other.size === file.size)) take(file)
    }
    complain(...reasons)
    send()
  }

  input.addEventListener('change', () => add([...input.files]))
  box.addEventListener('dragover', (event) => {
    event.preventDefault()
    box.querySelector('.file-drop').classList.add('over')
  })
  box.addEventListener('dragleave', () => box.querySelector('.file-drop').classList.remove('over'))
  box.addEventListener('drop', (event) => {
    event.preventDefault()
    box.querySelector('.file-drop').classList.remove('over')
    add([...event.dataTransfer.files])
  })
}

export function start(root) {
  fresh(root, '[data-files]', 'files').forEach(attach)
}
