/** What the script of a page that goes on does, beside what a report's script does. */
import { copyButtons } from '../../html/client/copy-buttons.ts';
import { faultMenu } from './fault-menu.ts';
import { liveUpdates } from './live-updates.ts';

copyButtons();
liveUpdates();
faultMenu();
