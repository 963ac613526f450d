import HTTP
import Testing

@Suite struct CookieFieldTests {
    private func cookies(_ lines: String...) -> CookieField {
        var fields = Fields()
        fields.append("Host", "example.com")
        for line in lines { fields.append("Cookie", line) }
        return CookieField(fields)
    }

    @Test func `the example of RFC 6265 §3.1 is read`() {
        let cookies = cookies("SID=31d4d96e407aad42; lang=en-US")
        #expect(cookies.value("SID") == "31d4d96e407aad42")
        #expect(cookies.value("lang") == "en-US")
        #expect(cookies.value("sid") == nil)
        #expect(cookies.value("other") == nil)
    }

    @Test(arguments: [
        ("a=1", "1"), ("a=", ""), ("a=\"1\"", "1"), ("a=b=c", "b=c"), ("  a=1  ", "1"),
        ("x;a=1", "1"), ("x=é; a=1", "1"), (";;a=1;", "1"), ("b=2;a=1", "1"),
        ("__Host-x=2; a=-_.~", "-_.~"), ("x=a b; a=1", "1"),
    ])
    func `a cookie is read beside whatever else is there`(line: String, value: String) {
        #expect(cookies(line).value("a") == value)
    }

    @Test(arguments: [
        "a", "a b=1", "=1", "a=1 2", "a=1,2", "a=\"1", "a=1\"", "a=\\1", "a=é", "a=\u{1}", "a =1",
        "a= 1", "a=\"1\"2", "xa=1", "ax=1", "",
    ])
    func `what does not follow the grammar is left out`(line: String) {
        #expect(cookies(line).value("a") == nil)
    }

    @Test(arguments: ["", "a b", "a,b", "é", "a\"b", "a:b"])
    func `a name is a token`(name: String) {
        #expect(cookies("x=1; \(name)=1").value(name) == nil)
    }

    @Test func `a name that is there twice has no value`() {
        #expect(cookies("a=1; a=2").value("a") == nil)
        #expect(cookies("a=1; a=1").value("a") == nil)
        #expect(cookies("a=1", "a=2").value("a") == nil)
        #expect(cookies("a=1", "b=2").value("b") == "2")
    }

    @Test func `the number of cookies is limited`() {
        let many = (0..<CookieField.maximumCount).map { "c\($0)=1" }
        #expect(cookies(many.joined(separator: ";")).value("c127") == "1")
        #expect(cookies((many + ["a=1"]).joined(separator: ";")).value("a") == nil)
        #expect(cookies(many.joined(separator: ";"), "a=1").value("a") == nil)
    }

    @Test func `describing the cookies shows no values`() {
        let cookies = cookies("session=hunter2")
        var dumped = ""
        dump(cookies, to: &dumped)
        for text in ["\(cookies)", String(reflecting: cookies), dumped] {
            #expect(!text.contains("hunter2"))
        }
    }
}
