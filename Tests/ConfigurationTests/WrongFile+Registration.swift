extension WrongFile {
    private static let kinds =
        #""registration.redirect_uris" must hold known, loopback, a URI such as https://app.example.com/callback, an https host in lower case such as app.example.com or *.example.com, or a scheme such as com.example.app:"#
    private static let uris =
        #""registration.redirect_uris" must hold URIs that begin with https://, with http:// and a loopback host, or with the scheme of an app, without user name and fragment"#
    private static let literalURIs =
        #""registration.redirect_uris" must hold URIs without "*", since they are compared exactly; a host alone opens all its paths"#
    private static let schemes =
        #""registration.redirect_uris" must hold schemes of apps, in lower case, such as com.example.app:"#
    private static let wildcards =
        #""registration.redirect_uris" must hold "*" only as the first label before at least two others, such as *.example.com"#
    private static let item =
        #""registration.redirect_uris" must be known, loopback, a URI, a host or, in quotes, a scheme such as "com.example.app:""#

    /// What is wrong with the registration of clients.
    static let registration: [WrongFile] = [
        .least(
            "registration that is a word", plus: "registration: open",
            #"6:15: "registration" must be a mapping of keys; found "open""#),
        .least(
            "an unknown key of registration", plus: "registration: { dynamics: open }",
            #"6:17: unknown key "dynamics"; did you mean "dynamic"?"#),
        .least(
            "a key of registration at the top", plus: "redirect_uris: [loopback]",
            #"6:1: unknown key "redirect_uris"; it belongs in "registration" or "clients[]""#),
        .least(
            "dynamic registration that is neither open nor off",
            plus: "registration: { dynamic: on, metadata_documents: on }",
            #"6:26: "registration.dynamic" must be open, token, approval or off; found "on""#,
            #"6:50: "registration.metadata_documents" must be trusted, any or off; found "on""#),
        .least(
            "software statements without keys, or with two places of them",
            plus:
                "registration: { software_statements: [{ issuer: a }, { issuer: b, jwks_file: keys.json, jwks_uri: https://b.example/k }] }",
            #"6:39: "registration.software_statements" needs either jwks_file or jwks_uri"#,
            #"6:54: "registration.software_statements" needs either jwks_file or jwks_uri"#),
        .least(
            "two entries for the statements of one issuer",
            plus:
                "registration: { software_statements: [{ issuer: a, jwks_file: keys.json }, { issuer: a, jwks_uri: https://a.example/k }] }",
            #"6:86: "registration.software_statements.issuer" is the issuer of another entry; found "a""#
        ),
        .least(
            "software statements of nobody",
            plus: "registration: { software_statements: [{ jwks_file: keys.json }] }",
            #"6:39: "issuer" is missing in "registration.software_statements" (iss of the statements, byte for byte)"#
        ),
        .least(
            "one redirect URI that is no list", plus: "registration: { redirect_uris: loopback }",
            #"6:32: "registration.redirect_uris" must be a list; found "loopback""#),
        .least(
            "no redirect URI", plus: "registration: { redirect_uris: [] }",
            #"6:32: "registration.redirect_uris" must hold at least one item"#),
        .least(
            "redirect URIs that are no text",
            plus: "registration: { redirect_uris: [[], ~, \"\"] }",
            "6:33: \(item); found a list", "6:37: \(item); found nothing",
            "6:40: \(item); found \"\""),
        .least(
            "a scheme without its quotes",
            plus: "registration:\n  redirect_uris:\n    - com.example.app:",
            "8:7: \(item); found a mapping"),
        .least(
            "a wildcard without its quotes",
            plus: "registration:\n  redirect_uris:\n    - *.example.com",
            "8:8: not YAML: did not find expected alphabetic or numeric character"),
        domain("claude", hosts), domain("Claude.ai", hosts), domain("claude.ai.", hosts),
        domain("https://claude.ai", hosts), domain("claude.ai/oauth", hosts),
        domain("claude.ai:443", hosts), domain("claude.ai:0", hosts),
        domain("claude.ai:08443", hosts), domain("claude.ai:8443:1", hosts),
        domain("127.0.0.1", hosts), domain("localhost", hosts), domain("known", hosts),
        domain("com.example.app:", hosts), domain("*.ai", wideHosts), domain("*", wideHosts),
        domain("a.*.example.com", wideHosts),
        redirect("knwon", "\(kinds); found \"knwon\""),
        redirect("Known", "\(kinds); found \"Known\""),
        redirect("localhost", "\(kinds); found \"localhost\""),
        redirect("app.example.com:8443", "\(kinds); found \"app.example.com:8443\""),
        redirect("App.example.com", "\(kinds); found \"App.example.com\""),
        redirect("app.example.com.", "\(kinds); found \"app.example.com.\""),
        redirect("app..example.com", "\(kinds); found \"app..example.com\""),
        redirect("-app.example.com", "\(kinds); found \"-app.example.com\""),
        redirect("app-.example.com", "\(kinds); found \"app-.example.com\""),
        redirect("app_1.example.com", "\(kinds); found \"app_1.example.com\""),
        redirect("bücher.example", "\(kinds); found \"bücher.example\""),
        redirect("192.0.2.1", "\(kinds); found \"192.0.2.1\""),
        redirect("app.example.0x7f", "\(kinds); found \"app.example.0x7f\""),
        redirect("app.example.com/callback", "\(kinds); found \"app.example.com/callback\""),
        redirect("lee@app.example.com", "\(kinds)"),
        redirect(
            String(repeating: "x", count: 64) + ".com",
            "\(kinds); found \"\(String(repeating: "x", count: 60))…\""),
        redirect(
            String(repeating: "x.", count: 126) + "xx",
            "\(kinds); found \"\(String(repeating: "x.", count: 30))…\""),
        redirect("*.com", "\(wildcards); found \"*.com\""),
        redirect("*", "\(wildcards); found \"*\""),
        redirect("*.*.example.com", "\(wildcards); found \"*.*.example.com\""),
        redirect("app.*.com", "\(wildcards); found \"app.*.com\""),
        redirect("*app.example.com", "\(wildcards); found \"*app.example.com\""),
        redirect("http://app.example.com", "\(uris); found \"http://app.example.com\""),
        redirect("http:/app.example.com", "\(uris); found \"http:/app.example.com\""),
        redirect("https://app.example.com/#x", "\(uris); found \"https://app.example.com/#x\""),
        redirect("https://lee:secret@app.example.com/", "\(uris)"),
        redirect("https:///callback", "\(uris); found \"https:///callback\""),
        redirect(
            "javascript://app.example.com/", "\(uris); found \"javascript://app.example.com/\""),
        redirect("file:///etc/passwd", "\(uris); found \"file:///etc/passwd\""),
        redirect("://", "\(uris); found \"://\""),
        redirect(
            "https://chatgpt.com/connector/oauth/*",
            "\(literalURIs); found \"https://chatgpt.com/connector/oauth/*\""),
        redirect("https://*.example.com/", "\(literalURIs); found \"https://*.example.com/\""),
        redirect("javascript:", "\(schemes); found \"javascript:\""),
        redirect("data:", "\(schemes); found \"data:\""),
        redirect("vbscript:", "\(schemes); found \"vbscript:\""),
        redirect("file:", "\(schemes); found \"file:\""),
        redirect("http:", "\(schemes); found \"http:\""),
        redirect("https:", "\(schemes); found \"https:\""),
        redirect("com.Example.app:", "\(schemes); found \"com.Example.app:\""),
        redirect("1app:", "\(schemes); found \"1app:\""),
        redirect("app:x:", "\(schemes); found \"app:x:\""),
        redirect(":", "\(schemes); found \":\""),
        .least(
            "a rate in no unit", plus: "registration: { rate: 30, total_rate: 1000 }",
            #"6:23: "registration.rate" must be a rate such as 30/min, 5/s or 1000/h; found "30""#,
            #"6:39: "registration.total_rate" must be a rate such as 30/min, 5/s or 1000/h; found "1000""#
        ),
        .least(
            "rates out of bounds",
            plus: "registration: { rate: 1000001/min, total_rate: 16667/s }",
            #"6:23: "registration.rate" must be at most 1000000/min; found "1000001/min""#,
            #"6:48: "registration.total_rate" must be at most 1000000/min; found "16667/s""#),
        .least(
            "a registration that is good for ever",
            plus: "registration: { client_lifetime: never }",
            #"6:34: "registration.client_lifetime" must be a duration such as 500ms, 30s, 10m, 24h or 30d; found "never""#
        ),
        .least(
            "a registration that is good for minutes",
            plus: "registration: { client_lifetime: 59m }",
            #"6:34: "registration.client_lifetime" must be from 1h to 3650d; found "59m""#),
        .least(
            "a registration that is not good for whole seconds",
            plus: "registration: { client_lifetime: 3600001ms }",
            #"6:34: "registration.client_lifetime" must be whole seconds; found "3600001ms""#),
        .least(
            "an issuer parameter that is neither on nor off", plus: "iss_parameter: true",
            #"6:16: "iss_parameter" must be on or off; found "true""#),
    ]

    private static let hosts =
        #""registration.trusted_domains" must hold hosts in lower case such as claude.ai or *.example.com, without scheme and path"#
    private static let wideHosts =
        #""registration.trusted_domains" must hold "*" only as the first label before at least two others, such as *.example.com"#

    /// A file with one entry of `trusted_domains`.
    private static func domain(_ entry: String, _ finding: String) -> WrongFile {
        .least(
            "the domain \(entry)",
            plus: "registration: { trusted_domains: [\"\(entry)\"] }",
            "6:35: \(finding); found \"\(entry)\"")
    }

    /// A file with one entry of `redirect_uris`.
    private static func redirect(_ entry: String, _ finding: String) -> WrongFile {
        .least(
            entry, plus: "registration: { redirect_uris: [\"\(entry)\"] }", "6:33: \(finding)")
    }
}
