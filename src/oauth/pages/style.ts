/**
 * The pages' own look: one card, the whole width on a phone, visible focus, colours that keep a contrast of 4.5 to 1. What a vendor's
 * settings may change are the variables; whoever writes a style sheet for the pages comes after it.
 */
export const STYLE = `
*{box-sizing:border-box}
[hidden]{display:none!important}
body{margin:0;min-height:100vh;min-height:100dvh;display:flex;flex-direction:column;background:var(--page,#f3f5f8) center/cover no-repeat;color:var(--text,#414d5c);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;-webkit-text-size-adjust:100%}
.stage{flex:1;display:flex;flex-direction:column;align-items:var(--across,center);justify-content:var(--down,center);padding:2rem clamp(1.5rem,7vw,7rem)}
main{width:100%;max-width:26rem;padding:2.25rem 2rem;background:var(--form,#fff) center/cover no-repeat;border:1px solid var(--border,#dfe3ea);border-radius:var(--radius,12px);box-shadow:0 1px 2px #0f141a0d,0 8px 24px #0f141a0f}
.banner{display:flex;justify-content:center;margin:0 0 1.75rem}
.logo{display:block;max-width:100%;max-height:4.5rem;margin:0 auto}
.name{display:flex;align-items:center;gap:.65rem;margin:0;font-weight:600;color:var(--heading,#0f141a);overflow-wrap:anywhere}
.mark{flex:none;display:grid;place-items:center;width:2.25rem;height:2.25rem;border-radius:calc(var(--control,8px)*1.1);background:var(--button,#0a5bb5);color:var(--button-text,#fff);font-size:1.1rem;font-weight:700}
h1{margin:0 0 .35rem;text-wrap:balance;font-size:1.5rem;line-height:1.25;letter-spacing:-.01em;color:var(--heading,#0f141a);overflow-wrap:anywhere}
.lead{margin:0 0 1.5rem;color:var(--description,#414d5c);overflow-wrap:anywhere}
h1+form,h1+.notice,h1+.error{margin-top:1.25rem}
.notice,.error{margin:0 0 1.25rem;padding:.7rem .9rem;border:1px solid;border-radius:var(--alert,8px);font-size:.9375rem;overflow-wrap:anywhere}
.notice{background:var(--good,#eefaf1);border-color:var(--good-edge,#b7e0c3);color:var(--good-text,#0b4f1e)}
.error{background:var(--bad,#fdf0ef);border-color:var(--bad-edge,#f2c4c0);color:var(--bad-text,#8a1409)}
form{margin:0}
main>:last-child{margin-bottom:0}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
form+form{margin-top:.75rem}
.field{margin:0 0 1.1rem;padding:0;border:0;min-width:0}
.label{display:block;margin:0 0 .35rem;padding:0;font-size:.9375rem;font-weight:600;color:var(--label,#0f141a)}
.input{width:100%;min-height:2.875rem;padding:.55rem .75rem;font:inherit;color:var(--input-text,#0f141a);background:var(--input,#fff);border:1px solid var(--input-border,#8a94a3);border-radius:var(--control,8px)}
.input:hover{border-color:var(--focus,#0a5bb5)}
.input[aria-invalid]{border-color:#c4281c;box-shadow:inset 0 0 0 1px #c4281c}
.hint{margin:.35rem 0 0;font-size:.875rem;color:var(--hint,#4f5b6b);overflow-wrap:anywhere}
.option{position:relative;margin:0 0 .6rem}
.option label{display:block;padding:.7rem .9rem .7rem 2.6rem;border:1px solid var(--input-border,#8a94a3);border-radius:var(--control,8px);background:var(--input,#fff);color:var(--input-text,#0f141a);overflow-wrap:anywhere;cursor:pointer}
.option input{position:absolute;left:.9rem;top:1.05rem;width:1.1rem;height:1.1rem;margin:0;accent-color:var(--button,#0a5bb5)}
.option input:checked+label{border-color:var(--button,#0a5bb5);box-shadow:inset 0 0 0 1px var(--button,#0a5bb5)}
.button{width:100%;min-height:2.875rem;padding:.55rem 1rem;font:inherit;font-weight:600;color:var(--button-text,#fff);background:var(--button,#0a5bb5);border:1px solid transparent;border-radius:var(--control-button,8px);cursor:pointer;overflow-wrap:anywhere}
.button:hover{background:var(--button-hover,#084a94);color:var(--button-hover-text,#fff)}
.button:disabled{opacity:.6;cursor:default}
.button.secondary{color:var(--second-text,#0a5bb5);background:var(--second,#fff);border-color:var(--second-border,#8a94a3)}
.button.secondary:hover{color:var(--second-hover-text,#084a94);background:var(--second-hover,#f0f6fd);border-color:var(--second-hover-border,#084a94)}
.or{display:flex;align-items:center;gap:.9rem;margin:1.1rem 0;font-size:.875rem;color:var(--hint,#4f5b6b)}
.or:before,.or:after{content:"";flex:1;height:1px;background:var(--divider,#dfe3ea)}
.link,summary{color:var(--link,#0a5bb5);overflow-wrap:anywhere}
.link:hover{color:var(--link-hover,#084a94)}
:focus-visible{outline:2px solid var(--focus,#0a5bb5);outline-offset:2px}
.links,.people{margin:0;padding:0;list-style:none}
.links{margin-top:1.25rem;display:flex;flex-direction:column;gap:.5rem;font-size:.9375rem}
details{margin-top:1.5rem;padding-top:1rem;border-top:1px solid var(--divider,#dfe3ea);font-size:.875rem}
summary{cursor:pointer}
.people{margin-top:.5rem;display:flex;flex-wrap:wrap;gap:.25rem 1rem}
.people .link{display:inline-block;padding:.15rem 0}
.more{margin:0 0 .75rem;font-size:.9375rem;overflow-wrap:anywhere}
.legal{margin:1.25rem 0 0;font-size:.875rem;color:var(--hint,#4f5b6b)}
.figure{width:12.5rem;margin:0 auto .75rem;padding:.6rem;background:#fff;border:1px solid var(--divider,#dfe3ea);border-radius:var(--control,8px)}
.figure svg{display:block;width:100%;height:auto}
.key{text-wrap:balance;margin:0 0 1.25rem;text-align:center;font:.875rem/1.5 ui-monospace,Menlo,Consolas,monospace;color:var(--heading,#0f141a);overflow-wrap:anywhere}
footer{padding:0 1.5rem 1.25rem;font-size:.8125rem;text-align:center;color:var(--foot,#4f5b6b)}
footer p{margin:0;text-wrap:balance}
.languages{margin:0 0 .6rem;padding:0;display:flex;flex-wrap:wrap;justify-content:center;gap:.25rem .9rem;list-style:none}
@media (max-width:30rem){
.stage{padding:0;justify-content:flex-start;align-items:stretch;background:var(--form,#fff)}
main{max-width:none;padding:1.75rem 1.25rem;border:0;border-radius:0;box-shadow:none}
footer{padding-top:1rem;background:var(--form,#fff)}
}
`.trim()
