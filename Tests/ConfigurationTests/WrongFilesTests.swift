import Testing

@testable import Configuration

@Suite("Wrong files") struct WrongFilesTests {
    @Test(arguments: WrongFile.yaml + WrongFile.values + WrongFile.gateway)
    func `everything that is wrong in a file is said with its place`(_ file: WrongFile) throws {
        try check(file)
    }

    @Test(
        arguments: WrongFile.servers + WrongFile.scopes + WrongFile.registration + WrongFile.audit
            + WrongFile.clients + WrongFile.foreign + WrongFile.signIn + WrongFile.later
            + WrongFile.outbound)
    func `everything that is wrong with a server is said with its place`(_ file: WrongFile) throws {
        try check(file)
    }

    private func check(_ file: WrongFile) throws {
        let workshop = try Workshop()
        let findings = workshop.findings(file.text)
        #expect(findings == file.findings)
        let isRefused = file.findings.contains { !$0.contains(": warning: ") }
        #expect((workshop.read(file.text).configuration == nil) == isRefused)
    }
}
