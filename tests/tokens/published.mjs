// One step of the protocol by @cloudflare/blindrsa-ts: `node published.mjs STEP KEY (pkcs8) VALUES …`, all in hex.
import { RSABSSA } from '@cloudflare/blindrsa-ts'

const bytes = (hex) => Uint8Array.from(Buffer.from(hex, 'hex'))
const hex = (found) => Buffer.from(found).toString('hex')
const [step, given, ...values] = process.argv.slice(2)
const algorithm = { name: 'RSA-PSS', hash: 'SHA-384' }
const secret = await crypto.subtle.importKey('pkcs8', bytes(given), algorithm, true, ['sign'])
const { n, e } = await crypto.subtle.exportKey('jwk', secret)
const open = await crypto.subtle.importKey('jwk', { kty: 'RSA', n, e }, algorithm, true, ['verify'])
const suite = RSABSSA.SHA384.PSS.Randomized()
const [first, second, third] = values.map(bytes)

const steps = {
  async blind() {
    const prepared = suite.prepare(first)
    const { blindedMsg, inv } = await suite.blind(open, prepared)
    return [prepared, blindedMsg, inv].map(hex)
  },
  sign: async () => [hex(await suite.blindSign(secret, first))],
  finalize: async () => [hex(await suite.finalize(open, first, second, third))],
  verify: async () => [String(await suite.verify(open, second, first))],
}
console.log((await steps[step]()).join(' '))
