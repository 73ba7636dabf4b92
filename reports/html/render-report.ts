import type { RunDocument } from '../data/run-document.ts';
import { checksSection, expectationsSection } from './checks-section.ts';
import { configurationSection, errorsSection, rerunSection } from './configuration-section.ts';
import { evidenceSection } from './evidence/evidence-section.ts';
import { glossarySection } from './glossary-section.ts';
import { logsSection } from './logs/logs-section.ts';
import { html } from './markup.ts';
import { page } from './page.ts';
import { recoverySection } from './recovery/recovery-section.ts';
import { settingsSection } from './settings-section.ts';
import { slotsSection } from './slots/slots-section.ts';
import { timelineSection } from './timeline/timeline-section.ts';
import { sceneOf } from './topology/scene-of.ts';
import { topologySection } from './topology/topology-section.ts';
import { testSection, verdictSection } from './verdict-section.ts';

export interface ReportOptions {
  /** The document of the same scenario's other variant, to show both results side by side. */
  sibling?: RunDocument;
}

/**
 * The report of one run: one self-contained HTML file, a pure function of the document. It loads nothing, and
 * reads without JavaScript and on paper. Partial documents give a report that says that it is partial.
 */
export function renderReport(document: RunDocument, options: ReportOptions = {}): string {
  const { scenario, variant, manual } = document;
  const scene = sceneOf(document);
  return page(
    `${scenario.title} – ${manual ? 'by hand' : variant}`,
    html`${verdictSection(document, options.sibling)}${settingsSection(document, options.sibling)}${testSection(document)}${timelineSection(document)}${topologySection(document, scene)}${slotsSection(document)}${recoverySection(document)}${evidenceSection(document, scene)}${expectationsSection(document.expectations)}
${checksSection(document)}${errorsSection(document)}${logsSection(document)}${rerunSection(document)}${configurationSection(document)}${glossarySection(document)}`,
  );
}
