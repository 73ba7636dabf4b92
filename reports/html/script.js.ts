/** The page's only script: a line under the pointer with its time, and the copy buttons. Everything else works without. */
export const script = `
for (const timeline of document.querySelectorAll('.timeline')) {
  const cursor = timeline.querySelector('.cursor');
  const plot = timeline.querySelector('.plot');
  timeline.addEventListener('pointermove', (event) => {
    const box = plot.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    cursor.hidden = share < 0 || share > 1;
    cursor.style.left = event.clientX - timeline.getBoundingClientRect().left + 'px';
    cursor.classList.toggle('flip', share > 0.85);
    cursor.firstChild.textContent = ((Number(timeline.dataset.left) + share * timeline.dataset.length) / 1000).toFixed(3) + ' s';
  });
  timeline.addEventListener('pointerleave', () => { cursor.hidden = true; });
}
for (const button of document.querySelectorAll('.copyable button')) {
  const code = button.parentElement.querySelector('code');
  button.hidden = false;
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = 'copied';
    } catch {
      getSelection().selectAllChildren(code);
      button.textContent = 'selected: press Ctrl-C';
    }
    setTimeout(() => { button.textContent = 'copy'; }, 2000);
  });
}
`;
