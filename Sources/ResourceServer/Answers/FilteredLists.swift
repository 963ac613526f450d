import JSON
import MCP
import Synchronization

/// Lists of one server that were filtered before, so that the same list is not read again.
///
/// Servers send the same list to everyone who asks. An answer is known again if it is byte for byte
/// what was filtered for the same scopes, but for the id, which must be spelled as in the request:
/// then reading it would find the same. A list is kept once it comes again, so that lists which
/// always differ cost no more than reading them. Bounded; what was not used for longest gives way.
package final class FilteredLists: Sendable {
    /// Lists that are kept at the most.
    package static let countLimit = 16
    /// Bytes that are kept at the most, of lists and of what became of them.
    package static let sizeLimit = 4 << 20
    /// The shortest answer, in bytes, that is kept: shorter ones are read as fast.
    package static let shortestAnswer = 2 << 10

    /// What beside its bytes decides on what becomes of a list.
    struct Conditions: Equatable {
        let kind: ListKind
        let era: ProtocolEra
        /// The scopes whose items are shown; nil in observe mode, where all are.
        let shown: ScopeMask?
    }

    /// A list and what became of it.
    private final class Entry: Sendable {
        let conditions: Conditions
        let answer: MessageFrame
        /// Nil if nothing was changed.
        let replacement: MessageFrame?
        /// What the list says of its tools; nil where that is not learnt.
        let tools: AnnotatedTools?
        /// Bytes that are kept for it, about.
        let size: Int

        init(
            _ conditions: Conditions, _ answer: MessageFrame, replacement: MessageFrame?,
            tools: AnnotatedTools?
        ) {
            self.conditions = conditions
            self.answer = answer
            self.replacement = replacement
            self.tools = tools
            size = answer.count + (replacement?.count ?? 0) + (tools?.weight ?? 0)
        }
    }

    /// What became of a list before.
    struct Known {
        let answer: FilteredAnswer
        let tools: AnnotatedTools?
    }

    /// Lists of which it is known at the most that they came once.
    package static let onceLimit = 64

    /// What came before.
    private struct Past {
        /// The one that was used last first.
        var entries: [Entry] = []
        /// The digests of lists that came, the last at the end.
        var digests: [UInt64] = []

        /// Whether a list with the digest came before; now it did.
        mutating func knows(_ digest: UInt64) -> Bool {
            if digests.contains(digest) { return true }
            if digests.count == FilteredLists.onceLimit { digests.removeFirst() }
            digests.append(digest)
            return false
        }
    }

    private let past = Mutex(Past())

    /// No list yet.
    package init() {}

    /// What became of the same answer before; nil if it is not known.
    ///
    /// - Parameters:
    ///   - content: the answer.
    ///   - id: the id of the request as it was written.
    ///   - conditions: what else decides.
    /// - Returns: what to do with the answer, or nil.
    func known(
        _ content: [UInt8], id: ArraySlice<UInt8>, under conditions: Conditions
    ) -> Known? {
        guard content.count >= Self.shortestAnswer else { return nil }
        // The lock is not held while bytes are compared; what was taken out cannot change.
        let kept = past.withLock { $0.entries }
        for (place, entry) in kept.enumerated()
        where entry.conditions == conditions && entry.answer.isFrame(of: content, id: id) {
            if place > 0 { moveToFront(entry) }
            return Known(
                answer: entry.replacement.map { .replaced($0.bytes(id: id)) } ?? .unchanged,
                tools: entry.tools)
        }
        return nil
    }

    /// Remembers what became of an answer, if it came before.
    ///
    /// - Parameters:
    ///   - message: the answer, which must not say anything that is judged by more than the
    ///     conditions.
    ///   - id: the id of the request as it was written.
    ///   - conditions: what beside its bytes decided.
    ///   - replacement: what it was replaced with, the same up to its result; nil if it was not.
    ///   - tools: what it says of tools.
    func keep(
        _ message: Message, id: ArraySlice<UInt8>, under conditions: Conditions,
        replacement: [UInt8]?, tools: AnnotatedTools?
    ) {
        guard message.document.bytes.count >= Self.shortestAnswer,
            message.idBytes?.elementsEqual(id) == true, let result = message.result,
            let answer = MessageFrame(of: message)
        else { return }
        let digest = answer.digest
        guard past.withLock({ $0.knows(digest) }) else { return }
        let entry = Entry(
            conditions, answer,
            replacement: replacement.map { answer.edited($0, from: result.range.lowerBound) },
            tools: tools)
        guard entry.size <= Self.sizeLimit else { return }
        past.withLock { past in
            past.entries.insert(entry, at: 0)
            var size = 0
            let fitting = past.entries.prefix(Self.countLimit).prefix { entry in
                size += entry.size
                return size <= Self.sizeLimit
            }
            past.entries.removeLast(past.entries.count - fitting.count)
        }
    }

    private func moveToFront(_ entry: Entry) {
        past.withLock { past in
            guard let place = past.entries.firstIndex(where: { $0 === entry }) else { return }
            past.entries.insert(past.entries.remove(at: place), at: 0)
        }
    }
}
