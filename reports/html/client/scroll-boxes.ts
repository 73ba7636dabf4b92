/** Lets keys reach the boxes that scroll by themselves, as long as they do: elsewhere a stop would be in the way. */
export function scrollBoxes(): void {
  const update = () => {
    const boxes = [...document.querySelectorAll<HTMLElement>('.table, details > :not(summary)')];
    // First all are asked, then all are changed: each change would have the page laid out anew.
    const scroll = boxes.map(
      (box) => box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1,
    );
    for (const [i, box] of boxes.entries()) {
      if (scroll[i] === (box.getAttribute('role') === 'region')) continue;
      if (scroll[i]) {
        box.tabIndex = 0;
        box.setAttribute('role', 'region');
        box.setAttribute('aria-label', nameOf(box));
      } else for (const name of ['tabindex', 'role', 'aria-label']) box.removeAttribute(name);
    }
  };
  update();
  addEventListener('resize', update);
  // It does not bubble.
  document.addEventListener('toggle', update, { capture: true });
}

function nameOf(box: HTMLElement): string {
  const title =
    box.closest('details')?.querySelector('summary') ?? box.closest('section')?.querySelector('h2');
  return `${title?.textContent ?? 'table'}, scrolls`;
}
