/** What the page's script does. Everything in the page reads without it. */
import { copyButtons } from './copy-buttons.ts';
import { evidenceList } from './evidence-list.ts';
import { logView } from './log-view.ts';
import { scrollBoxes } from './scroll-boxes.ts';
import { suiteFilter } from './suite-filter.ts';
import { timelineZoom } from './timeline/timeline-zoom.ts';
import { topologyScrubber } from './topology-scrubber.ts';

timelineZoom([...document.querySelectorAll<HTMLElement>('.timeline')]);
copyButtons();
suiteFilter();
scrollBoxes();
topologyScrubber();
evidenceList();
logView();
