import HTTP
import HTTPClient
import Testing

@Suite struct FreshnessLifetimeTests {
    @Test(
        arguments: [
            ([], 600), ([("Cache-Control", "max-age=3600")], 3600),
            ([("Cache-Control", "public, MAX-AGE = \"120\"")], 120),
            ([("Cache-Control", "max-age=0")], 60), ([("Cache-Control", "max-age=5")], 60),
            ([("Cache-Control", "max-age=99999999")], 86_400),
            ([("Cache-Control", "max-age=99999999999999999999999")], 86_400),
            ([("Cache-Control", "max-age=7200"), ("Cache-Control", "max-age=300")], 300),
            ([("Cache-Control", "no-store, max-age=7200")], 60),
            ([("Cache-Control", "max-age=7200"), ("Cache-Control", "no-cache")], 60),
            ([("Cache-Control", "max-age=-1")], 60), ([("Cache-Control", "max-age")], 60),
            ([("Cache-Control", "max-age=3600"), ("Age", "600")], 3000),
            ([("Cache-Control", "max-age=3600"), ("Age", "9999")], 60),
            ([("Cache-Control", "private, immutable")], 600),
        ] as [([(String, String)], Int64)])
    func `an answer is good for as long as its fields say, within bounds`(
        fields: [(String, String)], seconds: Int64
    ) {
        var found = Fields()
        for (name, value) in fields { found.append(FieldName(name), value) }
        #expect(FreshnessLifetime.seconds(found) == seconds)
    }
}
