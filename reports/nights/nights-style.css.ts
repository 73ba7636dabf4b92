/** The styles of the page over the nights. */
export const nightsStyle = `
.nights { display: block; max-width: 100%; }
.nights line { stroke: var(--accent); stroke-width: 1.5; stroke-linecap: round; } .nights circle { fill: var(--accent); }
.nights .earlier line { stroke: var(--line); } .nights .earlier circle { fill: var(--quiet); }
.nights .tonight line { stroke: var(--vermilion); } .nights .tonight circle { fill: var(--vermilion); stroke: var(--ground); }
`;
