/** The suite page's own styles. */
export const suiteStyle = `
.totals td:first-child { color: var(--quiet); } .totals td b { font-weight: 600; } .legend-of-seeds { font-size: 13px; }
.matrix { width: 100%; } .matrix th[scope=row] { width: 30%; } .matrix th[scope=row] a { font-weight: 600; color: inherit; text-decoration-color: var(--line); }
.matrix td { width: 29%; overflow-wrap: anywhere; } .matrix .condition { width: 12%; color: var(--quiet); font-size: 13px; }
.matrix .theme th { padding-top: 16px; break-after: avoid; font-size: 13px; font-weight: 600; color: var(--quiet); } .matrix tbody:not(:has(tr[data-name]:not([hidden]))) { display: none; }
.measured, .changes { list-style: none; margin: 4px 0 0; padding: 0; font-size: 13px; line-height: 1.4; } .measured b { font-weight: 600; display: inline-block; max-width: 100%; } .measured li + li, .changes li + li { margin-top: 3px; }
.mark { position: relative; white-space: nowrap; font-size: 13px; } .mark.as-expected { color: var(--good); } .mark.unexpected { color: var(--bad); } .mark.inconclusive { color: var(--doubt); } .mark.lab-failed { color: var(--lab); }
.sign.as-expected { color: var(--good); } .sign.unexpected { color: var(--bad); } .sign.inconclusive { color: var(--doubt); } .sign.lab-failed { color: var(--lab); }
.worth { table-layout: fixed; width: 100%; } .worth th:nth-child(1) { width: 22%; } .worth th:nth-child(2) { width: 30%; } .worth th:nth-child(3) { width: 26%; } .worth td { font-size: 13px; overflow-wrap: anywhere; } .worth th[scope=row] { font-weight: 600; } .worth th small { font-weight: 400; margin-top: 3px; } .worth p { margin: 6px 0 0; } .worth .measured { margin: 0; }
.from, .change { color: var(--quiet); } .change { white-space: nowrap; }
.runs th, .runs td { font-size: 13px; } .strip { display: block; margin-top: 3px; } .strip line { stroke: var(--line); } .strip circle { fill: var(--accent); fill-opacity: .55; }
.filter { display: flex; flex-wrap: wrap; gap: 8px 20px; align-items: center; margin: 0 0 10px; font-size: 13px; color: var(--quiet); } .filter[hidden] { display: none; } .filter select, .filter input { font: inherit; color: var(--ink); background: var(--ground); border: 1px solid var(--line); border-radius: 4px; padding: 4px 8px; max-width: 100%; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
[data-name][hidden] { display: none; } .cell-label { display: none; }
@media screen and (max-width: 900px) { .worth, .worth tbody { display: block; } .worth thead { display: none; } .worth tr { display: block; border-bottom: 1px solid var(--line); padding: 10px 0; } .worth [data-name][hidden] { display: none; } .worth th[scope=row], .worth td { display: block; border: 0; padding: 2px 0; width: auto; } .cell-label { display: block; color: var(--quiet); font-size: 12px; font-weight: 600; } }
@media screen and (max-width: 620px) { .matrix, .matrix tbody { display: block; } .matrix thead { display: none; } .matrix tr { display: grid; grid-template-columns: 1fr 1fr; gap: 4px 12px; border-bottom: 1px solid var(--line); padding: 8px 0; } .matrix [data-name][hidden] { display: none; } .matrix th[scope], .matrix td { border: 0; padding: 0; width: auto; min-width: 0; } .matrix th[scope], .matrix .condition, .matrix .alone { grid-column: 1 / -1; } .matrix td .cell-label { display: block; } }
@media print { .filter { display: none; } .runs { width: 100%; } .runs th a::after { content: " " attr(href); display: block; color: var(--quiet); font-size: 8px; } .runs th, .runs td { padding: 2px 8px 2px 0; } .worth td, .measured, .changes, .mark, .runs th, .runs td { font-size: 9px; } .worth tr, .matrix tr { break-inside: avoid; } .matrix .theme { break-after: avoid; } }
`;
