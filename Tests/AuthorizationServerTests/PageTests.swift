import Cryptography
import Foundation
import OAuth
import Testing

@testable import AuthorizationServer

@Suite struct PageTests {
    @Test(arguments: [
        ("a & b", "a &amp; b"), ("<b>", "&lt;b&gt;"), ("\"'", "&quot;&#39;"),
        ("&amp;", "&amp;amp;"),
        ("Grüße 👋", "Grüße 👋"), ("a\tb\nc", "a\tb\nc"), ("a\r\u{0}b", "a\u{FFFD}\u{FFFD}b"),
        ("\u{202E}x\u{2069}", "\u{FFFD}x\u{FFFD}"), ("\u{85}\u{7F}", "\u{FFFD}\u{FFFD}"), ("", ""),
    ])
    func `text is escaped byte for byte, between tags and in values alike`(
        text: String, html: String
    ) {
        var writer = HTMLWriter()
        writer.text(text)
        #expect(writer.bytes == Array(html.utf8))
        writer = HTMLWriter()
        writer.attribute("value", text)
        #expect(writer.bytes == Array(" value=\"\(html)\"".utf8))
    }

    @Test func `a hundred hostile texts stay text on every page`() throws {
        #expect(PageSamples.hostileTexts.count == 100)
        for text in PageSamples.hostileTexts {
            for page in [
                try PageSamples.consent(text).page, try PageSamples.signIn(text).page,
                try PageSamples.account(text).page, try PageSamples.clientPage(text).page,
            ] {
                let plain = try PageChecker(page.bytes)
                #expect(plain.text.contains(Self.shown(text)), "\(text.debugDescription)")
                #expect(!String(decoding: page.bytes, as: UTF8.self).contains("<script"))
            }
            // The structure is the same whatever the text is.
            let tags = try PageChecker(PageSamples.consent(text).page.bytes).tags.map(\.name)
            let harmless = try PageChecker(PageSamples.consent("harmless").page.bytes).tags.map(
                \.name)
            #expect(tags == harmless, "\(text.debugDescription)")
        }
    }

    /// A text as a page shows it, blanks folded.
    static func shown(_ text: String) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x09, 0x0A: shown.append(" ")
            case 0x00..<0x20, 0x2028, 0x202E, 0x2066, 0x2069: shown.append("\u{FFFD}")
            default: shown.append(scalar)
            }
        }
        return String(shown).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    @Test(arguments: Notice.allCases)
    func `every notice says what happened and what to do`(notice: Notice) throws {
        let response = notice.response()
        #expect(response.status == notice.status)
        // Waiting is no error; the rest is.
        #expect(notice == .clientPending ? response.status == 200 : response.status >= 400)
        let page = try PageChecker(response.body)
        #expect(page.text.contains("\(notice.happening)") && page.text.contains("\(notice.advice)"))
        #expect(page.tags("h1").count == 1 && page.tags("main").count == 1)
        #expect(response.reason == "\(notice.title)")
    }

    @Test func `every page can be used with a keyboard, a phone and a reader`() throws {
        for page in [
            try PageSamples.consent().page, try PageSamples.signIn().page,
            try PageSamples.account().page, try PageSamples.clientPage().page, SignedOutPage.page,
        ] + Notice.allCases.map(\.page) {
            let html = try PageChecker(page.bytes)
            #expect(html.tag("html")?.attributes["lang"] == "en")
            #expect(html.tag("meta", ["name": "viewport"]) != nil)
            #expect(html.tags("h1").count == 1 && html.tags("main").count == 1)
            #expect(html.tags("title").count == 1)
            // Labels hold their box, or name their field.
            let labelled = Set(html.tags("label").compactMap { $0.attributes["for"] })
            for field in html.tags("input") + html.tags("select") {
                let type = field.attributes["type"]
                guard type != "hidden", type != "checkbox" else { continue }
                #expect(labelled.contains(field.attributes["id"] ?? "?"))
            }
            #expect(html.tags("form").allSatisfy { $0.attributes["method"] == "post" })
            #expect(html.tags("form").count <= html.tags("input", ["name": "csrf"]).count)
        }
    }

    @Test func `the sign-in page keeps the name, names the problem, and never a password`() throws {
        var page = try PageSamples.signIn()
        var html = try PageChecker(page.page.bytes)
        let name = try #require(html.tag("input", ["name": "username"]))
        #expect(name.attributes["autocomplete"] == "username" && name.attributes["autofocus"] == "")
        let password = try #require(html.tag("input", ["name": "password"]))
        #expect(password.attributes["autocomplete"] == "current-password")
        #expect(password.attributes["type"] == "password" && password.attributes["value"] == nil)
        #expect(html.tag("p", ["role": "alert"]) == nil && html.tags("option").count == 2)
        #expect(html.text.contains("Example Agent unverified wants to use Tickets"))

        page.userName = "lee"
        page.problem = .wait(seconds: 130)
        page.sources.removeLast()
        html = try PageChecker(page.page.bytes)
        #expect(html.field("username") == "lee" && html.field("password") == nil)
        #expect(html.tag("p", ["role": "alert", "id": "problem"]) != nil)
        #expect(html.tag("input", ["name": "password", "aria-describedby": "problem"]) != nil)
        #expect(html.tag("input", ["name": "password", "autofocus": ""]) != nil)
        #expect(html.text.contains("Please wait 3 minutes"))
        #expect(html.tag("select") == nil && html.field("source") == "local")
    }

    @Test(arguments: [
        (0, "1 second"), (1, "1 second"), (2, "2 seconds"), (119, "119 seconds"),
        (120, "2 minutes"),
        (121, "3 minutes"), (900, "15 minutes"),
    ])
    func `a delay is said in words`(seconds: Int, words: String) {
        #expect(Duration.inWords(seconds: seconds) == words)
    }

    @Test func `the consent page says who asks, for what, and where the answer goes`() throws {
        let html = try PageChecker(PageSamples.consent().page.bytes)
        for words in [
            "Allow Example Agent to use Tickets?", "Example Agent unverified",
            "https://gate.example/tickets/mcp", "Answer goes to 127.0.0.1",
            "A program on this computer receives the access.", "nobody has checked who it is",
            "Read tickets tickets:read You agreed to this before.",
            "Create and change tickets tickets:write Includes: Read tickets", "Signed in as lee",
        ] { #expect(html.text.contains(words), "\(words)") }
        let boxes = html.tags("input", ["type": "checkbox", "name": "scope"])
        #expect(
            boxes.map { $0.attributes["value"] } == [
                "tickets:read", "tickets:write", "tickets:admin",
            ])
        #expect(boxes.map { $0.attributes["checked"] } == ["", "", nil])
        // Enter in a box presses the first button.
        #expect(
            html.tags("button", ["name": "decision"]).map { $0.attributes["value"] }
                == ["deny", "approve"])
        #expect(html.tag("a", ["href": "/sign-in?request=AAAA-request"]) != nil)
    }

    @Test func `a verified client with an https callback is shown without warnings`() throws {
        var page = try PageSamples.consent()
        page.client.verification = .domain("agent.example")
        page.redirectURI = try PageSamples.redirectURI("https://agent.example/callback")
        let html = try PageChecker(page.page.bytes)
        #expect(html.tag("p", ["class": "note"]) == nil)
        #expect(html.text.contains("verified: agent.example"))
        #expect(html.text.contains("Answer goes to agent.example Server"))
    }

    @Test(arguments: ["", " ", "\u{3164}", "\u{200B}\u{2060}", "\u{202E}", "\u{E000}", "\u{00A0}"])
    func `a name that cannot be seen is no name`(name: String) throws {
        var page = try PageSamples.consent()
        page.client.name = name
        #expect(
            try PageChecker(page.page.bytes).text.contains("Allow A client without a name to use"))
    }

    @Test func `a user who may give nothing is told so and can go back`() throws {
        var page = try PageSamples.consent()
        page.choices = []
        let html = try PageChecker(page.page.bytes)
        #expect(html.tags("button").map { $0.attributes["value"] } == ["deny"])
        #expect(
            html.tag("p", ["role": "alert"]) != nil
                && html.tags("input", ["type": "checkbox"]).isEmpty)
    }

    @Test func `the account page lists what was allowed, with a form for each`() throws {
        let html = try PageChecker(PageSamples.account().page.bytes)
        #expect(html.text.contains("Example Agent on Tickets Since 06 Nov 1994 Read tickets"))
        #expect(html.field("grant") == "gid")
        #expect(html.tag("button", ["aria-label": "End access of Example Agent on Tickets"]) != nil)
        #expect(html.tags("form").map { $0.attributes["action"] } == ["/account", "/sign-out"])
    }

    @Test func `answers to browsers carry what keeps others out`() throws {
        let consent = try PageSamples.consent()
        let target = consent.redirectURI.formActionSource
        let page = consent.page
        let response = page.response()
        let fields = Dictionary(uniqueKeysWithValues: response.fields.map { ($0.name, $0.value) })
        #expect(fields["Content-Type"] == "text/html; charset=utf-8")
        #expect(fields["Cache-Control"] == "no-store" && fields["X-Frame-Options"] == "DENY")
        #expect(fields["X-Content-Type-Options"] == "nosniff")
        #expect(fields["Referrer-Policy"] == "same-origin")
        let text = String(decoding: page.bytes, as: UTF8.self)
        let sheet = try #require(text.firstMatch(of: /(?s)<style>(.*)<\/style>/)?.output.1)
        let digest = Data(sha256(Array(sheet.utf8)).bytes).base64EncodedString()
        #expect(
            fields["Content-Security-Policy"]
                == "default-src 'none'; style-src 'sha256-\(digest)'; base-uri 'none'; "
                + "frame-ancestors 'none'; form-action 'self' \(target)")
        #expect(SignedOutPage.page.response().fields.contains(.init("Cache-Control", "no-store")))
        let redirection = Page.redirection(to: "/account")
        #expect(
            redirection.status == 303 && redirection.fields.first == .init("Location", "/account"))
        #expect(redirection.fields.contains(.init("Cache-Control", "no-store")))
    }

    @Test(arguments: [
        "https://x.example; script-src *", "a b", "", "x\r\ny", "'unsafe-inline'", "a,b",
    ])
    func `what is no source expression does not reach the policy`(target: String) {
        let response = Page(title: "x", formTargets: [target]) { _ in }.response()
        let policy = response.fields.first { $0.name == "Content-Security-Policy" }?.value
        #expect(policy?.hasSuffix("form-action 'self'") == true)
    }

    /// WCAG 2.2, 1.4.3 and 1.4.11.
    @Test(arguments: [
        ("ink", "card", 4.5), ("ink", "ground", 4.5), ("quiet", "card", 4.5),
        ("accent", "card", 4.5),
        ("on-accent", "accent", 4.5), ("note-ink", "note", 4.5), ("bad-ink", "bad", 4.5),
        ("good-ink", "good", 4.5), ("ink", "tag", 4.5), ("edge", "card", 3),
    ])
    func `colours differ enough, by day and by night`(
        front: String, back: String, least: Double
    ) throws {
        let sheet = "\(PageStyle.sheet)"
        let night = try #require(sheet.range(of: "prefers-color-scheme:dark"))
        for part in [sheet[..<night.lowerBound], sheet[night.lowerBound...]] {
            let (one, other) = (try Self.luminance(front, part), try Self.luminance(back, part))
            #expect((max(one, other) + 0.05) / (min(one, other) + 0.05) >= least)
        }
    }

    static func luminance(_ name: String, _ sheet: Substring) throws -> Double {
        let found = try #require(sheet.range(of: "--\(name):#"))
        var digits = String(sheet[found.upperBound...].prefix { $0.isHexDigit })
        if digits.count == 3 { digits = digits.map { "\($0)\($0)" }.joined() }
        let value = try #require(Int(digits, radix: 16))
        let parts = [value >> 16, value >> 8 & 255, value & 255].map { part in
            let share = Double(part) / 255
            return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }
}
