// Passkeys need a script, so their forms are hidden until this one runs; every other way in works without it.
(() => {
  if (!window.PublicKeyCredential || !PublicKeyCredential.parseRequestOptionsFromJSON) return;

  document.querySelectorAll('form[data-passkey]').forEach((form) => {
    form.hidden = false;
    const error = form.querySelector('[data-passkey-error]');
    const post = (address) => fetch(address, { method: 'POST', body: new FormData(form), credentials: 'same-origin' });

    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      error.textContent = '';
      form.setAttribute('aria-busy', 'true');
      try {
        const asked = await post(form.dataset.passkey);
        if (!asked.ok) throw new Error('refused');
        const options = await asked.json();
        const credential = form.dataset.passkeyDo === 'create'
          ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
          : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
        form.elements.credential.value = JSON.stringify(credential);
        const answer = await post(form.action);
        if (!answer.ok) throw new Error('refused');
        location.assign((await answer.json()).go);
      } catch {
        error.textContent = error.dataset.passkeyError;
      } finally {
        form.elements.credential.value = '';
        form.removeAttribute('aria-busy');
      }
    }, true);
  });
})();
