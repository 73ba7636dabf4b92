import type { Page } from 'playwright-core';
import { walkThrough } from './open-page.ts';

/**
 * Texts that are cut off, hang over the page's edge, or lie on each other, in words; and one more line when the page
 * scrolls sideways. What can be scrolled to in a box of its own, or ends in dots and has a title, is not cut off; what is meant for screen readers alone
 * (`.unseen`) is not looked at.
 */
export async function misplacedTexts(page: Page): Promise<string[]> {
  await walkThrough(page);
  return page.evaluate(() => {
    interface Line {
      text: string;
      node: Node;
      box: DOMRect;
    }
    const problems: string[] = [];
    const excess = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (excess > 0) problems.push(`the page is ${excess} px wider than the window`);
    const say = (text: string) => JSON.stringify(text.trim().slice(0, 60));
    const at = ({ x, y }: DOMRect) => `at ${Math.round(x + scrollX)}, ${Math.round(y + scrollY)}`;

    const styles = new Map<Element, { x: string; y: string }>();
    /** Asked once for each element: there are many, and each has many ancestors. */
    const overflowOf = (element: Element) => {
      const known = styles.get(element);
      if (known !== undefined) return known;
      const { overflowX: x, overflowY: y } = getComputedStyle(element);
      styles.set(element, { x, y });
      return { x, y };
    };

    /** What of a line is left behind the boxes around it; null when all of it is out of sight, and meant to be. */
    const seenPart = (line: Line): DOMRect | null => {
      let { left, right, top, bottom } = line.box;
      for (
        let each = line.node.parentElement;
        each !== null && each !== document.body;
        each = each.parentElement
      ) {
        const overflow = overflowOf(each);
        if (overflow.x === 'visible' && overflow.y === 'visible') continue;
        // An inner picture's own box is that of what it holds: its ground, where it has one, is its size.
        const isInner = each instanceof SVGSVGElement && each.ownerSVGElement !== null;
        const ground = isInner ? each.querySelector(':scope > rect[width="100%"]') : each;
        if (ground === null) continue;
        const around = ground.getBoundingClientRect();
        if (overflow.x === 'auto' || overflow.x === 'scroll') {
          [left, right] = [Math.max(left, around.left), Math.min(right, around.right)];
          [top, bottom] = [Math.max(top, around.top), Math.min(bottom, around.bottom)];
          if (left >= right || top >= bottom) return null;
          continue;
        }
        // The dots say that there is more, and the title has it.
        if (each.hasAttribute('title') && getComputedStyle(each).textOverflow === 'ellipsis') {
          [left, right] = [Math.max(left, around.left), Math.min(right, around.right)];
          continue;
        }
        const cut = Math.max(around.left - left, right - around.right);
        const cutAcross = Math.max(around.top - top, bottom - around.bottom);
        if (cut > 2 || cutAcross > 4) problems.push(`${say(line.text)} is cut off ${at(line.box)}`);
      }
      if (right > innerWidth + 1 || left < -1)
        problems.push(`${say(line.text)} hangs over the edge ${at(line.box)}`);
      return new DOMRect(left, top, right - left, bottom - top);
    };

    const lines: Line[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (parent === null || (node.nodeValue ?? '').trim() === '') continue;
      if (parent.closest('script, style, title, desc, option, .unseen') !== null) continue;
      if (!parent.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) {
        if (box.width < 1 || box.height < 1) continue;
        const whole = { text: node.nodeValue ?? '', node, box };
        const seen = seenPart(whole);
        if (seen !== null) lines.push({ ...whole, box: seen });
      }
    }
    lines.sort((a, b) => a.box.top - b.box.top);
    for (const [i, a] of lines.entries()) {
      for (const b of lines.slice(i + 1)) {
        if (b.box.top >= a.box.bottom) break;
        if (a.node === b.node) continue;
        const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
        const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
        // Lines that follow each other closely touch; letters reach into each other only where much more of them does.
        if (across > 2 && down > 0.4 * Math.min(a.box.height, b.box.height))
          problems.push(`${say(a.text)} lies on ${say(b.text)} ${at(b.box)}`);
      }
    }
    return problems.slice(0, 20);
  });
}
