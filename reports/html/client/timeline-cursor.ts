/** A line under the pointer with its time, over all lanes. */
export function timelineCursor(timeline: HTMLElement): void {
  const cursor = timeline.querySelector<HTMLElement>('.cursor');
  const label = cursor?.querySelector('span');
  const plot = timeline.querySelector('.plot');
  if (!cursor || !label || !plot) return;
  const [leftMs, lengthMs] = [Number(timeline.dataset.left), Number(timeline.dataset.length)];
  timeline.addEventListener('pointermove', (event) => {
    const box = plot.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    cursor.hidden = share < 0 || share > 1;
    cursor.style.left = `${event.clientX - timeline.getBoundingClientRect().left}px`;
    cursor.classList.toggle('flip', share > 0.85);
    label.textContent = `${((leftMs + share * lengthMs) / 1000).toFixed(3)} s`;
  });
  timeline.addEventListener('pointerleave', () => {
    cursor.hidden = true;
  });
}
