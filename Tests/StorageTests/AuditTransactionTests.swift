import Storage
import Testing

@Suite struct AuditTransactionTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static func head(
        _ chain: String, _ block: Int64, isClosed: Bool = false, at time: Int64 = 100
    ) -> AuditHead {
        AuditHead(
            chain: chain, block: block, sequence: block * 3,
            mac: [UInt8](repeating: UInt8(block), count: 32), isClosed: isClosed, writtenAt: time)
    }

    @Test func `the head of a chain goes forward only, and stays closed`() async throws {
        let store = try await SQLiteStore.open(path: folder.database)
        try await store.keep([Self.head("a", 2)], forgettingBefore: 0)
        try await store.keep([Self.head("a", 1)], forgettingBefore: 0)
        #expect(try await store.auditHeads() == [Self.head("a", 2)])
        try await store.keep([Self.head("a", 3, isClosed: true)], forgettingBefore: 0)
        try await store.keep([Self.head("a", 3)], forgettingBefore: 0)
        #expect(try await store.auditHeads() == [Self.head("a", 3, isClosed: true)])
    }

    @Test func `heads that are too old are forgotten, the others come latest first`() async throws {
        let store = try await SQLiteStore.open(path: folder.database)
        try await store.keep(
            [Self.head("a", 1, at: 10), Self.head("b", 1, at: 30), Self.head("c", 1, at: 20)],
            forgettingBefore: 0)
        try await store.keep([], forgettingBefore: 20)
        #expect(try await store.auditHeads().map(\.chain) == ["b", "c"])
    }

    @Test func `of several processes that begin at once all get one secret`() async throws {
        let path = folder.database
        let stores = try await (0..<4).asyncMap { _ in try await SQLiteStore.open(path: path) }
        let found = try await withThrowingTaskGroup(of: [SealKeyRecord].self) { group in
            for (index, store) in stores.enumerated() {
                group.addTask {
                    try await store.auditSecrets(
                        orInsert: SealKeyRecord(
                            id: "s\(index)",
                            secret: StoredSecret(bytes: [UInt8(index)], isSealed: index % 2 == 1),
                            createdAt: Int64(index)))
                }
            }
            return try await group.reduce(into: [[SealKeyRecord]]()) { $0.append($1) }
        }
        #expect(Set(found.map { $0.map(\.id) }).count == 1 && found[0].count == 1)
        #expect(try await stores[0].auditSecrets() == found[0])
    }
}

extension Sequence {
    fileprivate func asyncMap<Value>(
        _ body: (Element) async throws -> Value
    ) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await body(element)) }
        return values
    }
}
