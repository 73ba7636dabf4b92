/** The index page's own styles. */
export const indexStyle = `
.matrix { width: 100%; table-layout: fixed; margin-top: 20px; }
.matrix th, .matrix td { padding: 10px 14px 10px 0; }
.matrix th:first-child { width: 40%; } .matrix p { margin: 4px 0 0; } .matrix b { white-space: nowrap; } .matrix th b { white-space: normal; }
.measured { line-height: 1.5; } .bad { color: var(--bad); } .good { color: var(--good); }
.links a { margin-right: 6px; }
@media (max-width: 560px) { .matrix th:first-child { width: 32%; } .matrix th, .matrix td { padding-right: 8px; font-size: 13px; } .badge { white-space: normal; } .matrix b { white-space: normal; } }
`;
