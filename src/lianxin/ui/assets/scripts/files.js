// Chosen files with previews; what is too many or too large is said at once, before the upload.
import { announce, element, fresh, say } from './common.js'

function preview(file) {
  const picture = element('img', { alt: '' })
  const reader = new FileReader()
  reader.addEventListener('load', () => {
    picture.src = reader.result // a data: address, which the content security policy allows
  })
  reader.readAsDataURL(file)
  return picture
}

function attach(box) {
  const input = box.querySelector('input[type="file"]')
  const list = box.querySelector('.file-list')
  const refused = box.querySelector('.file-refused')
  const most = Number(box.dataset.most)
  const megabytes = Number(box.dataset.megabytes)
  let chosen = []

  function show() {
    const transfer = new DataTransfer()
    chosen.forEach((file) => transfer.items.add(file))
    input.files = transfer.files
    list.replaceChildren(...chosen.map((file) => {
      const remove = element('button', { type: 'button' }, element('span', { textContent: '×', ariaHidden: 'true' }))
      remove.setAttribute('aria-label', say('remove', { name: file.name }))
      remove.addEventListener('click', () => {
        chosen = chosen.filter((other) => other !== file)
        show()
        input.focus()
      })
      const picture = file.type.startsWith('image/') ? [preview(file)] : []
      return element('li', {}, element('span', { className: 'file-name', textContent: file.name }), ...picture, remove)
    }))
    list.hidden = chosen.length === 0
  }

  function add(files) {
    const complaints = []
    for (const file of files) {
      if (file.size > megabytes * 1024 * 1024) complaints.push(say('large', { name: file.name, n: megabytes }))
      else if (chosen.length >= most) complaints.push(say('many', { n: most }))
      else if (!chosen.some((other) => other.name === file.name && other.size === file.size)) chosen.push(file)
    }
    refused.textContent = [...new Set(complaints)].join(' ')
    refused.hidden = complaints.length === 0
    announce(refused.textContent)
    show()
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
