/** Gives every `.copyable` text its button, which is hidden without a script. */
export function copyButtons(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('.copyable button')) {
    const code = button.parentElement?.querySelector('code');
    if (!code) continue;
    button.hidden = false;
    button.addEventListener('click', async () => {
      button.textContent = await copied(code);
      setTimeout(() => {
        button.textContent = 'copy';
      }, 2000);
    });
  }
}

async function copied(code: HTMLElement): Promise<string> {
  try {
    await navigator.clipboard.writeText(code.textContent ?? '');
    return 'copied';
  } catch {
    getSelection()?.selectAllChildren(code);
    return 'selected: press Ctrl-C';
  }
}
