import MCP
package import Seals

/// Task ids on their way out and back: sealed with server, principal, method and tool.
///
/// A server's own id never reaches a client, and one that a client makes up opens nothing. What was
/// sealed is understood after a restart; what this process has seen is remembered besides, so that
/// ids are recognised where the server names them unasked.
package struct TaskSeals: Sendable {
    private let seal: Seal
    private let table: TaskTable

    /// Seals with the keys of the ring, remembering in the table.
    package init(ring: KeyRing, table: TaskTable) {
        seal = Seal(.taskID, ring: ring)
        self.table = table
    }

    /// The sealed id of a task that a request made; nil for an id that is too long.
    func seal(_ id: [UInt8], of origin: TaskOrigin, for token: VerifiedAccessToken) -> [UInt8]? {
        let content = LengthPrefixed.encode([origin.method, origin.target, id])
        guard content.count <= Seal.bytesLimit else { return nil }
        let sealed = Array(seal.seal(content, context: token.sealContext).utf8)
        table.remember(OpenedTask(id: id, sealed: sealed, origin: origin), of: token.ownerDigest)
        return sealed
    }

    /// The task behind an id that a client sent; nil for anything but what this principal was given.
    func open(_ sealed: ArraySlice<UInt8>, for token: VerifiedAccessToken) -> OpenedTask? {
        guard let content = seal.open(sealed, context: token.sealContext),
            let parts = LengthPrefixed.decode(content), parts.count == 3
        else { return nil }
        let task = OpenedTask(
            id: parts[2], sealed: Array(sealed),
            origin: TaskOrigin(method: parts[0], target: parts[1]))
        table.remember(task, of: token.ownerDigest)
        return task
    }

    /// The task that a server names, if this process has seen it given to the principal.
    func known(_ id: ArraySlice<UInt8>, to token: VerifiedAccessToken) -> OpenedTask? {
        table.task(Array(id), of: token.ownerDigest)
    }

    /// Remembers that the answer to a request may make a task, for when it comes on another stream.
    func expect(_ origin: TaskOrigin, answering request: borrowing AuthorizedRequest) {
        guard let id = request.messageID else { return }
        let session = request.endpoint?.seal ?? request.sessionID ?? []
        table.expect(
            origin,
            TaskTable.Answer(owner: request.token.ownerDigest, session: session, id: id))
    }

    /// What a task was made by that comes as the answer to the request of that id; nil if unknown.
    func origin(
        ofAnswer id: MessageID, in session: [UInt8]?, for token: VerifiedAccessToken
    ) -> TaskOrigin? {
        table.origin(
            TaskTable.Answer(owner: token.ownerDigest, session: session ?? [], id: id))
    }
}
