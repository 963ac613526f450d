import Cryptography
import Foundation
import OAuth
import Seals
import Storage
import Testing
import Transport

@testable import AuthorizationServer

extension ConsentFixture {
    /// The threads that compute hashes; they live as long as the process.
    private static let pool = Result { try BlockingPool(name: "tests", threads: 2, queueLimit: 64) }

    static func endpoints(
        _ options: AuthorizationServerOptions, _ clients: ClientDirectory, _ store: any Store,
        _ ring: KeyRing, _ folder: ConsentFolder, _ providers: [Provider] = []
    ) throws -> (Interaction, SignInEndpoint) {
        let pool = try Self.pool.get()
        let local = LocalUsers(
            source: "local", path: folder.path + "/users", issuer: issuer, pool: pool
        ) { Issue.record("\($0)") }
        let users = Users(
            [local],
            providers: providers.isEmpty
                ? nil : ProviderUsers(providers, store: store, atRest: ProviderSite.atRest))
        let sources = providers.map { provider in
            SignInSource(
                name: provider.options.name, title: provider.options.title,
                kind: .provider(scopes: provider.options.askedScopes))
        }
        let interaction = Interaction(
            options: options, clients: clients,
            sessions: BrowserSession(issuer: issuer, ring: { ring }, users: users),
            store: store, ring: { ring },
            sources: [SignInSource(name: "local", title: "Here")] + sources)
        let signIn = LocalSignIn(users: local, pool: pool, throttle: SignInThrottle())
        return (interaction, SignInEndpoint(interaction, signIns: ["local": signIn]))
    }

    /// The endpoint where more people sign in at once than the threads can bear.
    func overloadedSignIn() throws -> SignInEndpoint {
        let local = LocalUsers(
            source: "local", path: "none", issuer: Self.issuer, pool: try Self.pool.get()
        ) { _ in }
        let full = try BlockingPool(name: "full", threads: 0, queueLimit: 0)
        let signIn = LocalSignIn(users: local, pool: full, throttle: SignInThrottle())
        return SignInEndpoint(interaction, signIns: ["local": signIn])
    }

    /// The file of two users, lee and ann, whose password is `right`; its hash is a cheap one.
    static func writeUsers(in folder: ConsentFolder) throws {
        let salt = Array("salt salt".utf8)
        let hash = try scrypt(
            password: Array("right".utf8), salt: salt, logN: 10, r: 1, p: 1, count: 32)
        let parts = [salt, hash].map { bytes in
            Data(bytes).base64EncodedString().replacingOccurrences(of: "=", with: "")
        }
        let text = "$scrypt$ln=10,r=1,p=1$\(parts[0])$\(parts[1])"
        try Data("lee:\(text):\nann:\(text):\n".utf8).write(
            to: URL(filePath: folder.path + "/users"))
    }

    static func subject(_ name: String) -> String {
        User.subject(of: name, from: "local", issuer: issuer)
    }
}
