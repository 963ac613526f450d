import Testing

/// The rules find what they look for.
@Suite("Tidy, itself") struct SourceFileTests {
    private let file = SourceFile(
        path: "Sources/Module/Place/File.swift",
        text: """
            /// A protocol.
            package protocol Sink: AnyObject {
                /// Documented.
                func begin()
                func missing()
                var state: Int { get }
            }

            extension Sink {
                package func undocumented()
                    throws -> Int
                {
                    1
                }

                /// Documented, above an attribute.
                @inline(__always)
                package static func quick() -> Int { 1 }

                @discardableResult
                package init?(
                    first: Int
                ) {
                    return nil
                }
            }
            """)

    @Test func `functions are measured from head to brace`() {
        #expect(file.functions.map(\.line) == [10, 18, 21])
        #expect(file.functions.map(\.lineCount) == [5, 1, 5])
    }

    @Test func `declarations without a comment are found`() {
        let missing = file.packageDeclarations.filter { !file.isDocumented($0.line) }
        #expect(missing.map(\.name) == ["missing", "state", "undocumented", "init"])
        #expect(file.packageDeclarations.count == 7)
        #expect(file.module == "Module")
    }

    @Test func `the files of the repository are found`() throws {
        let sources = try SourceFile.sources()
        #expect(sources.count > 100)
        #expect(sources.contains { $0.path == "Sources/Transport/EventLoop.swift" })
        #expect(try SourceFile.all(under: "README.md").count == 1)
        #expect(try SourceFile.all(under: "nothing").isEmpty)
    }
}
