import { evidenceStyle } from './evidence/style.css.ts';
import { logsStyle } from './logs/style.css.ts';
import { timelineStyle } from './timeline/style.css.ts';
import { topologyStyle } from './topology/style.css.ts';

/** Colours from the Okabe-Ito set, which people with any colour blindness can tell apart. */
const base = `
:root { color-scheme: light dark; --ground: #fff; --raised: #f5f6f8; --ink: #16191d; --quiet: #555c66; --line: #d5d9df;
  --good: #00714f; --bad: #b04300; --doubt: #7a5b00; --lab: #7b3f68; --accent: #0072b2; --sky: #56b4e9; --orange: #e69f00; --pink: #cc79a7; --vermilion: #d55e00; --green: #009e73; --grid: #00000014; --shade: #d55e0014; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171b; --raised: #1d2228; --ink: #e9ecf0; --quiet: #a4adb8; --line: #363d46;
  --good: #3fcf9f; --bad: #ff9a5c; --doubt: #f0c04a; --lab: #e2a3ca; --accent: #5db8ee; --grid: #ffffff1c; --shade: #ff8a4720; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
main { max-width: 1240px; margin: 0 auto; padding: 24px clamp(12px, 3vw, 36px) 64px; overflow-wrap: anywhere; }
h1 { font-size: clamp(22px, 3.2vw, 32px); line-height: 1.2; margin: 0 0 16px; }
h2 { font-size: 20px; margin: 40px 0 10px; padding-top: 14px; border-top: 1px solid var(--line); }
h3 { font-size: 15px; margin: 18px 0 6px; }
p { margin: 0 0 10px; max-width: 80ch; }
a { color: var(--accent); }
code, pre { font: 13px/1.45 ui-monospace, "SF Mono", Menlo, "DejaVu Sans Mono", monospace; }
small { display: block; color: var(--quiet); font-size: 12px; line-height: 1.35; }
.kicker { color: var(--quiet); margin: 0 0 4px; }
.quiet, .empty { color: var(--quiet); }
.empty { font-style: italic; }
.verdict { border-left: 6px solid var(--doubt); background: var(--raised); padding: 12px 16px; border-radius: 4px; margin-bottom: 14px; }
.verdict p { margin: 0; }
.verdict .outcome { font-size: 20px; font-weight: 700; color: var(--doubt); }
.verdict.as-expected { border-color: var(--good); } .verdict.as-expected .outcome { color: var(--good); }
.verdict.unexpected { border-color: var(--bad); } .verdict.unexpected .outcome { color: var(--bad); }
.verdict.lab-failed { border-color: var(--lab); } .verdict.lab-failed .outcome { color: var(--lab); }
.verdict .reason { color: var(--quiet); white-space: pre-line; }
.partial { border: 2px dashed var(--lab); padding: 8px 12px; border-radius: 4px; max-width: none; }
.claim { margin: 0 0 16px; }
.claim dt, .scope dt { font-size: 12px; font-weight: 600; color: var(--quiet); }
.claim dd { margin: 0 0 8px; font-size: 16px; max-width: 80ch; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(215px, 100%), 1fr)); gap: 10px; margin: 0; }
.card { background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: 10px 14px; }
.card dt { font-size: 13px; color: var(--quiet); }
.card dd { margin: 0; } .card b { font-size: 24px; line-height: 1.3; white-space: nowrap; }
.card.bad b { color: var(--bad); } .card .other { margin-top: 3px; color: var(--ink); }
.badge { display: inline-block; font-size: 12px; font-weight: 600; line-height: 1.4; padding: 1px 8px; border: 1px solid currentColor; border-radius: 10px; white-space: nowrap; color: var(--doubt); }
.verdict-valid, .met-yes, .badge.as-expected { color: var(--good); }
.verdict-invalid, .met-no, .badge.unexpected { color: var(--bad); }
.badge.lab-failed { color: var(--lab); }
.table { overflow-x: auto; max-width: 100%; }
table { border-collapse: collapse; margin: 4px 0 12px; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 5px 16px 5px 0; border-bottom: 1px solid var(--line); font-weight: 400; }
thead th { font-size: 12px; font-weight: 600; color: var(--quiet); overflow-wrap: break-word; }
.table td { min-width: 5.5em; overflow-wrap: normal; }
td.number { text-align: right; white-space: nowrap; padding-right: 0; }
.check { border: 1px solid var(--line); border-radius: 6px; padding: 2px 16px 8px; margin: 12px 0; break-inside: avoid; }
.check h3 { font-size: 17px; margin-top: 10px; }
.figures { max-width: 760px; } .figures th { padding-right: 28px; }
.scope { margin: 0; display: grid; grid-template-columns: max-content 1fr; gap: 2px 14px; } .scope dd { margin: 0; } .scope dt { padding-top: 2px; }
.words { display: grid; grid-template-columns: minmax(110px, max-content) 1fr; gap: 4px 16px; max-width: 900px; font-size: 14px; } .words dt { font-weight: 600; } .words dd { margin: 0; }
.steps { width: 100%; max-width: 1080px; } .steps th { width: 1%; white-space: nowrap; } .steps .number { width: 1%; padding-right: 12px; } .steps .wide { padding-right: 0; width: 100%; } .steps thead th + th { text-align: right; padding-right: 12px; } .steps .wide svg { display: block; margin-top: 6px; }
.step { fill: var(--accent); } .step-ground { fill: var(--raised); } .step-allowed { fill: var(--sky); opacity: .6; } .step-excess { fill: var(--vermilion); } .step-open { fill: var(--quiet); opacity: .55; } .recovery { margin-bottom: 22px; } .steps th small { white-space: normal; max-width: 42ch; }
.advice { font-size: 16px; border-left: 4px solid var(--accent); padding-left: 12px; }
details { margin: 6px 0; border: 1px solid var(--line); border-radius: 4px; }
summary { cursor: pointer; padding: 6px 12px; font-size: 14px; }
details[open] summary { border-bottom: 1px solid var(--line); }
details > :not(summary) { margin: 8px 12px; max-height: 60vh; overflow: auto; }
.copyable { position: relative; } pre { margin: 0 0 8px; padding: 9px 12px; background: var(--raised); border: 1px solid var(--line); border-radius: 4px; white-space: pre-wrap; }
.copyable button { position: absolute; top: 5px; right: 5px; font: 12px system-ui, sans-serif; padding: 3px 10px; color: var(--ink); background: var(--ground); border: 1px solid var(--line); border-radius: 4px; cursor: pointer; }
@media (max-width: 560px) { .scope { grid-template-columns: 1fr; } .steps thead { display: none; } .steps tr { display: grid; grid-template-columns: 1fr auto auto; border-bottom: 1px solid var(--line); padding: 4px 0; } .steps th, .steps td { border: 0; width: auto; } .steps th { white-space: normal; } .steps .allowed { grid-column: 1 / -1; text-align: left; padding: 0; font-size: 13px; } .steps .allowed:not(:empty)::before { content: 'settings allow '; } .steps .wide { grid-column: 1 / -1; padding-top: 0; } .stacked thead { display: none; } .stacked tr { display: block; border-bottom: 1px solid var(--line); padding: 6px 0; } .stacked td { display: block; border: 0; padding: 1px 0; } .copyable pre { padding-right: 64px; } }
@media (max-width: 560px) { .cards { grid-template-columns: 1fr 1fr; gap: 8px; } .card { padding: 8px 10px; } .card b { font-size: 20px; } }
@media screen { .on-paper { display: none; } }
@media print { details:not([open]) { display: none; } .check { break-inside: auto; } .badge, thead th { font-size: 9px; } small { font-size: 9px; } main { padding: 0; max-width: none; } body { font-size: 11px; } code, pre { font-size: 10px; } .claim dd, .advice { font-size: 12px; } .claim dt, .scope dt { font-size: 10px; padding: 0; } .verdict .outcome { font-size: 16px; } .words { font-size: 10px; grid-template-columns: 120px 1fr; } h1 { font-size: 22px; } h2 { font-size: 16px; } h3, .check h3 { font-size: 12px; } h2 { margin-top: 20px; } h2, h3 { break-after: avoid; } .lane, .card, tr { break-inside: avoid; } .cards { grid-template-columns: repeat(4, 1fr); } .card b { font-size: 17px; } .copyable button, .cursor { display: none; } pre { white-space: pre-wrap; } }
@page { size: A4; margin: 14mm; }
`;

/** All styles of a page. */
export const style = base + timelineStyle + topologyStyle + evidenceStyle + logsStyle;
