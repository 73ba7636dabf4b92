/** What the page's script does. Everything in the page reads without it. */
import { copyButtons } from './copy-buttons.ts';
import { suiteFilter } from './suite-filter.ts';
import { timelineCursor } from './timeline-cursor.ts';

for (const timeline of document.querySelectorAll<HTMLElement>('.timeline')) timelineCursor(timeline);
copyButtons();
suiteFilter();
