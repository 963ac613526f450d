import HTTP
import Testing

@Suite struct MediaTypeTests {
    private func parse(_ text: String) -> MediaType? { MediaType(latin1(text)[...]) }

    @Test(arguments: [
        "application/json", "Application/JSON", "application/json; charset=utf-8",
        "application/json;charset=\"utf-8\"", "application/json ; charset=utf-8",
        "application/json;",
        "application/json; ; charset=utf-8", "application/json;a=\"b;c\"",
    ])
    func `type and subtype are read in any case and with parameters`(text: String) {
        #expect(parse(text)?.essence == "application/json")
        #expect(MediaType.essence(of: latin1(text)[...], is: "application/json"))
    }

    @Test(arguments: [
        "", "application", "application/", "/json", "application/json/x", "application /json",
        "application/ json", "application/json x", "application/json; charset",
        "application/json; =x",
        "application/json; charset=", "application/json; charset =x",
        "application/json; charset= x",
        "application/json; charset=\"x", "application/json; a=\"b\"c",
        "application/json, text/html",
        "application/json; a=b; A=c", "application/json; a=(", "application/json; a=\"\u{1}\"",
    ])
    func `what is no media type is refused`(text: String) {
        #expect(parse(text) == nil)
    }

    @Test func `parameters keep their values`() {
        let type = parse("text/event-stream; Charset=UTF-8; b=\"c \\\" d\"")
        #expect(type?.parameter("charset") == "UTF-8")
        #expect(type?.parameter("b") == "c \" d")
        #expect(type?.parameter("e") == nil)
        #expect(type?.type == "text" && type?.subtype == "event-stream")
    }

    @Test(arguments: [
        "application/jsonx", "xapplication/json", "text/html", "", "application/jso",
        "application/json, a/b",
    ])
    func `another type is not taken for it`(text: String) {
        #expect(!MediaType.essence(of: latin1(text)[...], is: "application/json"))
    }
}
