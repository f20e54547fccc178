// Builds src/lianxin/ui/static/lianxin/built/ from src/lianxin/ui/assets/ and the npm packages.
// Everything a browser gets is served by us: an intranet has no outside hosts.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

import { build, transform } from 'esbuild'
import { compile } from 'sass'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const packages = join(root, 'node_modules')
const sources = join(root, 'src/lianxin/ui/assets')
const built = join(root, 'src/lianxin/ui/static/lianxin/built')
// What a five-year-old phone's browser and its in-app browsers understand.
const browsers = ['chrome87', 'safari14', 'firefox91']

async function write(name, text) {
  // A manifest of static files fails on the address of a source map that is not there.
  const stripped = text.replace(/^\/[/*][#@] sourceMappingURL=.*$/gm, '').trimEnd() + '\n'
  await writeFile(join(built, name), stripped)
  console.log(`${name.padEnd(14)} ${(gzipSync(stripped).length / 1024).toFixed(1)} KB compressed`)
}

async function styles() {
  const { css } = compile(join(sources, 'styles/lianxin.scss'), { loadPaths: [packages], quietDeps: true })
  const { code } = await transform(css, { loader: 'css', minify: true, target: browsers, legalComments: 'none' })
  await write('lianxin.css', code)
}

async function scripts() {
  // The charts are a file of their own, for the few pages that draw.
  for (const name of ['lianxin.js', 'charts.js']) {
    const { outputFiles } = await build({
      entryPoints: [join(sources, 'scripts', name)],
      bundle: true,
      minify: true,
      format: 'iife',
      target: browsers,
      legalComments: 'none',
      write: false,
    })
    await write(name, outputFiles[0].text)
  }
  await write('htmx.js', await readFile(join(packages, 'htmx.org/dist/htmx.min.js'), 'utf8'))
}

async function icons() {
  const names = JSON.parse(await readFile(join(sources, 'icons.json'), 'utf8'))
  const symbols = await Promise.all(names.map(async (name) => {
    const svg = await readFile(join(packages, `@tabler/icons/icons/outline/${name}.svg`), 'utf8')
    const shapes = svg.match(/<svg[^>]*>(.*)<\/svg>/s)[1].replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, '')
    return `<symbol id="${name}" viewBox="0 0 24 24">${shapes.replace(/\s*\n\s*/g, '').replace(/ \/>/g, '/>')}</symbol>`
  }))
  await write('icons.svg', `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`)
}

await rm(built, { recursive: true, force: true })
await mkdir(built, { recursive: true })
await Promise.all([styles(), scripts(), icons()])
