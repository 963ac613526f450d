import Cryptography

/// The one style sheet of all pages, which stands in each of them.
enum PageStyle {
    /// What stands between `<style>` and `</style>`, byte for byte.
    ///
    /// Every pair of text and background has a contrast of 4.5 to 1 or more (WCAG 2.2, 1.4.3),
    /// every edge that one must see 3 to 1 (1.4.11).
    static let sheet: StaticString = """
        :root{color-scheme:light dark;--ground:#f3f4f6;--card:#fff;--ink:#16181d;--quiet:#565d6b;\
        --line:#d9dce3;--edge:#7b8291;--accent:#1d4ed8;--on-accent:#fff;--note:#fff7e0;\
        --note-ink:#5f3d00;--note-line:#e2b84d;--bad:#fdecec;--bad-ink:#8e1519;--bad-line:#e59a9c;\
        --good:#e6f4ea;--good-ink:#14532d;--good-line:#9fcdb0;--tag:#eceef2}
        @media (prefers-color-scheme:dark){:root{--ground:#0f1115;--card:#191c22;--ink:#eceef2;\
        --quiet:#a7adba;--line:#30353f;--edge:#7b8291;--accent:#8ab4ff;--on-accent:#0b1a3a;\
        --note:#2e2610;--note-ink:#f5dd9c;--note-line:#7d6420;--bad:#34181a;--bad-ink:#ffb9bb;\
        --bad-line:#8a3d40;--good:#14291c;--good-ink:#a5e3b9;--good-line:#2f6b46;--tag:#2a2f38}}
        *{box-sizing:border-box}
        body{margin:0;padding:1rem;min-height:100vh;display:flex;align-items:flex-start;\
        justify-content:center;background:var(--ground);color:var(--ink);\
        font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;\
        overflow-wrap:anywhere}
        main{width:100%;max-width:30rem;margin:4vh 0;padding:1.75rem;background:var(--card);\
        border:1px solid var(--line);border-radius:.9rem;box-shadow:0 1px 2px #0000000f,0 8px 30px #0000000f}
        @media (max-width:30rem){body{padding:0;background:var(--card)}\
        main{margin:0;border:0;border-radius:0;box-shadow:none;padding:1.25rem}}
        h1{font-size:1.35rem;line-height:1.3;margin:0 0 .75rem;font-weight:650}
        h2{font-size:1.05rem;line-height:1.35;margin:0 0 .25rem;font-weight:650}
        p{margin:0 0 1rem}
        a{color:var(--accent)}
        .quiet,small{color:var(--quiet);font-size:.875rem}
        small{display:block}
        .note,.bad,.good{padding:.7rem .85rem;border-radius:.55rem;border:1px solid}
        .note{background:var(--note);color:var(--note-ink);border-color:var(--note-line)}
        .bad{background:var(--bad);color:var(--bad-ink);border-color:var(--bad-line)}
        .good{background:var(--good);color:var(--good-ink);border-color:var(--good-line)}
        dl{margin:0 0 1rem;border-top:1px solid var(--line)}
        dl div{display:flex;flex-wrap:wrap;gap:0 .75rem;padding:.55rem 0;border-bottom:1px solid var(--line)}
        dt{flex:0 0 7.5rem;color:var(--quiet);font-size:.875rem;padding-top:.1rem}
        dd{flex:1 1 12rem;margin:0}
        .tag{display:inline-block;padding:0 .5rem;border-radius:1rem;background:var(--tag);\
        color:var(--ink);font-size:.8125rem;line-height:1.5rem}
        .tag.warn{background:var(--note);color:var(--note-ink)}
        .tag.sure{background:var(--good);color:var(--good-ink)}
        fieldset{margin:0 0 1.25rem;padding:0;border:0}
        legend{padding:0;font-weight:650;margin-bottom:.25rem}
        label{display:block;font-weight:600;margin:0 0 .3rem}
        input:not([type=checkbox]),select{display:block;width:100%;font:inherit;color:inherit;\
        background:var(--card);border:1px solid var(--edge);border-radius:.5rem;\
        padding:.6rem .7rem;margin:0 0 1rem;min-height:2.75rem}
        .scope{display:flex;gap:.75rem;align-items:flex-start;font-weight:400;margin:0;\
        padding:.65rem 0;border-bottom:1px solid var(--line);cursor:pointer}
        .scope input{flex:none;width:1.25rem;height:1.25rem;margin:.15rem 0 0;accent-color:var(--accent)}
        code{font:.8125rem ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
        .actions{display:flex;flex-wrap:wrap;gap:.75rem}
        button{flex:1 1 8rem;font:inherit;font-weight:600;min-height:2.75rem;padding:.5rem 1rem;\
        border-radius:.5rem;border:1px solid var(--edge);background:var(--card);color:var(--ink);\
        cursor:pointer}
        button.main{background:var(--accent);border-color:var(--accent);color:var(--on-accent)}
        button.small{flex:none;min-height:2.5rem;padding:.25rem .9rem;font-size:.9375rem}
        :focus-visible{outline:3px solid var(--accent);outline-offset:2px}
        section{padding:1rem 0;border-top:1px solid var(--line)}
        ul{margin:.25rem 0 .75rem;padding-left:1.2rem}
        footer{margin-top:1.25rem}
        main>:last-child{margin-bottom:0}
        """

    /// The sheet as a source of `style-src` (CSP Level 3, §8.3).
    static let source: String = {
        var writer = HTMLWriter()
        writer.markup(sheet)
        // RFC 4648 §4, since that is what all browsers take: the other alphabet, and padding.
        let digest = Base64URL.encode(sha256(writer.bytes).bytes).utf8.map { letter in
            switch letter {
            case UInt8(ascii: "-"): UInt8(ascii: "+")
            case UInt8(ascii: "_"): UInt8(ascii: "/")
            default: letter
            }
        }
        return "'sha256-\(String(decoding: digest, as: UTF8.self))='"
    }()
}
