/** The pages' own look: one column that fits a phone, visible focus, colours that keep a contrast of 4.5 to 1. */
export const STYLE = `
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:flex;flex-direction:column;align-items:center;background:var(--page,#f2f4f7);color:var(--text,#16191f);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
.banner{width:100%;max-width:26rem;padding:1.5rem 1rem .5rem;text-align:center}
.logo{max-width:100%;max-height:5rem}
.name{margin:0;font-weight:700;overflow-wrap:anywhere}
main{width:100%;max-width:26rem;padding:1.5rem;background:var(--form,#fff);border:1px solid var(--border,#d5dbdb);border-radius:var(--radius,.75rem)}
h1{margin:0 0 .5rem;font-size:1.4rem;line-height:1.25}
.lead{margin:0 0 1rem}
.notice,.error{margin:0 0 1rem;padding:.6rem .8rem;border-radius:.4rem;overflow-wrap:anywhere}
.notice{background:#e6f4ea;color:#0b4f1e}
.error{background:#fdecea;color:#8a1409}
form+form{margin-top:1rem}
.field{margin:0 0 1rem;padding:0;border:0;min-width:0}
.label{display:block;margin:0 0 .25rem;padding:0;font-weight:600}
.input{width:100%;min-height:2.75rem;padding:.5rem .6rem;font:inherit;color:inherit;background:var(--input,#fff);border:1px solid var(--input-border,#687078);border-radius:.4rem}
.hint{margin:.25rem 0 0;font-size:.875rem;color:#4a5157;overflow-wrap:anywhere}
.option{display:flex;gap:.5rem;align-items:center;min-height:2.25rem}
.button{width:100%;min-height:2.75rem;padding:.5rem;font:inherit;font-weight:700;color:var(--button-text,#fff);background:var(--button,#0a5bb5);border:1px solid transparent;border-radius:.4rem;cursor:pointer;overflow-wrap:anywhere}
.button.secondary{color:var(--link,#0a5bb5);background:transparent;border-color:currentColor}
.link{color:var(--link,#0a5bb5);overflow-wrap:anywhere}
:focus-visible{outline:3px solid #f2a900;outline-offset:2px}
nav ul,details ul{margin:1rem 0 0;padding:0;list-style:none}
nav li,details li{padding:.25rem 0}
details{margin-top:1rem;font-size:.9rem}
.legal{margin:1rem 0 0;font-size:.875rem}
.figure{width:12rem;margin:0 auto .5rem;background:#fff;padding:.5rem}
.figure svg{display:block;width:100%;height:auto}
.key{margin:0 0 1rem;text-align:center;font-family:ui-monospace,monospace;overflow-wrap:anywhere}
footer{padding:1rem;font-size:.8rem;color:#4a5157;text-align:center}
`.trim()
