// The receipt as a picture, drawn in this browser: nothing is asked of the server, so it works without a network.
import { fresh } from './common.js'

const WIDTH = 720
const MARGIN = 48
const INSIDE = WIDTH - 2 * MARGIN
const QR = 420
const FONT = 'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'

function loaded(source) {
  return new Promise((resolve, reject) => {
    const picture = new Image()
    picture.addEventListener('load', () => resolve(picture))
    picture.addEventListener('error', reject)
    picture.src = source
  })
}

/** Chinese breaks anywhere, other words between them. */
function lines(brush, text) {
  const made = ['']
  for (const part of text.match(/[\w'-]+\s*|./gu) || []) {
    const longer = made[made.length - 1] + part
    if (brush.measureText(longer.trimEnd()).width <= INSIDE) made[made.length - 1] = longer
    else made.push(part)
  }
  return made.map((line) => line.trim())
}

async function draw(button) {
  const receipt = document.querySelector('[data-receipt]')
  const code = receipt.querySelector('.copy-text').textContent.trim()
  const qr = await loaded(receipt.querySelector('img').src)
  const canvas = document.createElement('canvas')
  canvas.width = WIDTH
  canvas.height = 1400 // more than enough; cut below
  const brush = canvas.getContext('2d')
  brush.fillStyle = '#fff'
  brush.fillRect(0, 0, canvas.width, canvas.height)
  brush.fillStyle = '#1c1a18'
  brush.textAlign = 'center'
  let y = MARGIN

  function write(text, size, weight = '400', family = FONT) {
    brush.font = `${weight} ${size}px ${family}`
    for (const line of lines(brush, text)) {
      y += size * 1.45
      brush.fillText(line, WIDTH / 2, y)
    }
    y += size * 0.4
  }

  write(button.dataset.title, 38, '600')
  write(`${button.dataset.numberLabel} ${receipt.dataset.number}`, 28)
  brush.imageSmoothingEnabled = false
  brush.drawImage(qr, (WIDTH - QR) / 2, y + 16, QR, QR)
  y += QR + 24
  write(button.dataset.codeLabel, 26)
  write(code, 40, '600', 'ui-monospace, Consolas, Menlo, monospace')
  write(button.dataset.warning, 24)
  const cut = document.createElement('canvas')
  cut.width = WIDTH
  cut.height = Math.round(y + MARGIN)
  cut.getContext('2d').drawImage(canvas, 0, 0)
  return cut.toDataURL('image/png')
}

async function save(button) {
  const data = await draw(button)
  // Browsers inside messengers save nothing: there the picture itself can be pressed and held.
  const shown = document.querySelector('[data-receipt-saved]')
  shown.querySelector('img').src = data
  shown.hidden = false
  const link = document.createElement('a')
  link.href = data
  link.download = `${button.dataset.file}-${document.querySelector('[data-receipt]').dataset.number}.png`
  link.click()
}

export function start(root) {
  fresh(root, '[data-save-receipt]', 'save-receipt').forEach((button) => {
    button.hidden = false
    button.addEventListener('click', () => save(button))
  })
}
