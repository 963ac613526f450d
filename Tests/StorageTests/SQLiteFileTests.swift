import Foundation
import Storage
import Testing

@Suite struct SQLiteFileTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Why the file cannot be opened.
    func refusal(_ path: String) async -> StoreError? {
        do {
            _ = try await SQLiteStore.open(path: path)
            return nil
        } catch {
            return error
        }
    }

    /// Makes a database with keys and grants, closed.
    func fill(_ path: String) async throws {
        let store = try await SQLiteStore.open(path: path)
        _ = try await store.signingKeys(orInsert: SQLiteStoreTests.key("a"))
        for number in 0..<50 { try await store.record(SQLiteStoreTests.grant("g\(number)")) }
        await store.close()
    }

    @Test func `the file and its log are for the owner only`() async throws {
        let store = try await SQLiteStore.open(path: folder.database)
        _ = try await store.signingKeys(orInsert: SQLiteStoreTests.key("a"))
        #expect(try folder.mode(folder.database) == 0o600)
        #expect(try folder.mode(folder.database + "-wal") == 0o600)
        #expect(try folder.mode(folder.database + "-shm") == 0o600)
        await store.close()
    }

    @Test func `a file that others can read is closed to them`() async throws {
        try await fill(folder.database)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o644], ofItemAtPath: folder.database)
        let store = try await SQLiteStore.open(path: folder.database)
        #expect(try folder.mode(folder.database) == 0o600)
        await store.close()
    }

    @Test func `a folder that is missing is an error that names the path`() async throws {
        let path = folder.path + "/none/gatehouse.db"
        let error = try #require(await refusal(path))
        #expect(error.kind == .inaccessible)
        #expect(error.description == "cannot open the database \(path): No such file or directory")
    }

    @Test func `a folder in the place of the file is an error`() async throws {
        let error = try #require(await refusal(folder.path))
        #expect(error.kind == .inaccessible)
        #expect(error.cause == "it is not a regular file")
    }

    @Test func `a name with a NUL is an error`() async throws {
        let error = try #require(await refusal(folder.database + "\0x"))
        #expect(error.cause == "its name has a NUL")
        #expect(!FileManager.default.fileExists(atPath: folder.database))
    }

    @Test func `the database of another program is left as it was`() async throws {
        try OtherProgram(path: folder.database).execute(
            "CREATE TABLE songs (id INTEGER); INSERT INTO songs VALUES (1)")
        let before = try Data(contentsOf: URL(fileURLWithPath: folder.database))
        let error = try #require(await refusal(folder.database))
        #expect(error.kind == .corrupt)
        #expect(error.cause == "it is the database of another program")
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.database)) == before)
    }

    @Test func `the database of a later release is refused`() async throws {
        try await fill(folder.database)
        try OtherProgram(path: folder.database).execute("PRAGMA user_version = 99")
        let error = try #require(await refusal(folder.database))
        #expect(error.kind == .newerSchema)
        #expect(error.cause.contains("version 99"))
    }

    @Test func `a file that is no database is refused and not changed`() async throws {
        let bytes = Data(repeating: 0x41, count: 5000)
        try bytes.write(to: URL(fileURLWithPath: folder.database))
        #expect(await refusal(folder.database)?.kind == .corrupt)
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.database)) == bytes)
    }

    @Test func `a damaged file gives an error or the right rows, never others`() async throws {
        try await fill(folder.database)
        let url = URL(fileURLWithPath: folder.database)
        let good = try Data(contentsOf: url)
        var refused = 0
        for page in 0..<(good.count / 4096) {
            for offset in [0, 3, 8, 100, 2000, 4000] {
                var bad = good
                let start = page * 4096 + offset
                bad.replaceSubrange(start..<(start + 64), with: Data(repeating: 0xa5, count: 64))
                try bad.write(to: url)
                guard let store = try? await SQLiteStore.open(path: folder.database) else {
                    refused += 1
                    continue
                }
                let keys = try? await store.signingKeys()
                #expect(keys == nil || keys == [SQLiteStoreTests.key("a")])
                await store.close()
            }
        }
        #expect(refused > 0)
    }

    @Test func `a file that was cut is refused`() async throws {
        try await fill(folder.database)
        let url = URL(fileURLWithPath: folder.database)
        let good = try Data(contentsOf: url)
        for count in [100, 4096, 4097, good.count - 4096] {
            try good.prefix(count).write(to: url)
            #expect(await refusal(folder.database)?.kind == .corrupt, "\(count)")
        }
    }

    @Test func `another writer is waited for`() async throws {
        try await fill(folder.database)
        let other = try OtherProgram(path: folder.database)
        let store = try await SQLiteStore.open(path: folder.database)
        try other.execute("BEGIN IMMEDIATE")
        async let recorded: Void = store.record(SQLiteStoreTests.grant("waited"))
        try await Task.sleep(for: .milliseconds(300))
        try other.execute("COMMIT")
        try await recorded
        #expect(try await store.grants(of: nil, limit: 100).contains { $0.id == "waited" })
    }
}
