/* Passkeys: a form with data-passkey asks the browser for a credential and sends it. Hidden forms appear where passkeys work. */
(() => {
  'use strict'
  const supported = window.PublicKeyCredential && window.webauthnJSON

  async function optionsOf (form) {
    if (form.dataset.optionsUrl) {
      const answer = await fetch(form.dataset.optionsUrl, { headers: { Accept: 'application/json' } })
      return (await answer.json()).request_options
    }
    const data = JSON.parse(document.getElementById(form.dataset.options).textContent)
    return data.creation_options || data.request_options
  }

  function askForResident (options) {
    const wanted = options.publicKey.authenticatorSelection
    wanted.residentKey = 'required'
    wanted.requireResidentKey = true
    wanted.userVerification = 'required'
  }

  for (const form of document.querySelectorAll('form[data-passkey]')) {
    if (!supported) continue
    form.hidden = false
    form.addEventListener('submit', async event => {
      event.preventDefault()
      event.stopImmediatePropagation() // the page's own "a form is sent once" would rest the button
      const failed = form.querySelector('[data-passkey-failed]')
      failed.hidden = true
      try {
        const options = await optionsOf(form)
        const adding = form.dataset.passkey === 'add'
        if (adding) askForResident(options)
        const credential = adding ? await window.webauthnJSON.create(options) : await window.webauthnJSON.get(options)
        form.elements.credential.value = JSON.stringify(credential)
        form.submit()
      } catch {
        failed.hidden = false
      }
    }, true)
  }
})()
