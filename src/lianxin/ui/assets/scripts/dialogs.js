// Dialogs open over the page where they can; otherwise their link leads to a page. One menu is open at a time.

function closeMenus(except) {
  document.querySelectorAll('details.menu[open]').forEach((menu) => {
    if (menu !== except) menu.open = false
  })
}

export function start(root) {
  root.addEventListener('click', (event) => {
    const opener = event.target.closest('[data-dialog]')
    const dialog = opener && document.getElementById(opener.dataset.dialog)
    if (dialog?.showModal) {
      event.preventDefault()
      closeMenus()
      dialog.showModal()
      dialog.querySelector('textarea, select, input:not([type="hidden"])')?.focus()
      return
    }
    const closer = event.target.closest('[data-close="dialog"]')
    const around = closer?.closest('dialog[open]')
    if (around) {
      event.preventDefault()
      around.close()
    }
    // A tap on the veil closes; a tap inside hits something within the dialog.
    if (event.target.matches?.('dialog[open]') && event.target.close) {
      const box = event.target.getBoundingClientRect()
      const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom
      if (!inside && event.detail > 0) event.target.close()
    }
    // A chosen entry closes its menu too, even where the page stays (htmx).
    closeMenus(event.target.closest('.menu-item') ? null : event.target.closest('details.menu'))
  })

  root.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return
    const menu = document.querySelector('details.menu[open]')
    closeMenus()
    menu?.querySelector('summary').focus()
  })
}
