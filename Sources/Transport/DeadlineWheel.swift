import CLibevent
import Glibc

/// Something that must be told when its time is over.
package protocol DeadlineHolder: AnyObject {
    /// The place in the wheel; only the wheel writes it.
    var deadlineTicket: DeadlineTicket { get set }
    /// The monotonic time, in nanoseconds, at which ``deadlinePassed(_:)`` is due; `UInt64.max` = none.
    var deadline: UInt64 { get }
    /// Called on the loop once the deadline has passed.
    func deadlinePassed(_ now: UInt64)
}

/// Where a holder sits in the wheel.
package struct DeadlineTicket {
    fileprivate var slot = -1
    fileprivate var index = -1

    /// A ticket of no wheel.
    package init() {}

    /// Whether the holder is in a wheel.
    package var isSet: Bool { slot >= 0 }
}

/// Deadlines of a loop, in slots of 50 ms.
///
/// Moving a deadline further away is a plain store in the holder: the wheel looks at ``DeadlineHolder/deadline``
/// again when the old slot is due. So the hot path pays nothing. A deadline that comes nearer is
/// announced with ``schedule(_:)``.
@safe package final class DeadlineWheel {
    /// Nanoseconds of one slot; deadlines are met late by at most this.
    package static let resolution: UInt64 = 50_000_000
    private static let slotCount = 1024

    private var slots: [[any DeadlineHolder]]
    private var count = 0
    private var cursor: UInt64
    private var timer: LoopTimer?
    private let base: OpaquePointer
    private let began: (UInt64) -> Void

    /// `began` is called with the time at each turn, before holders are told.
    init(base: OpaquePointer, began: @escaping (UInt64) -> Void) {
        unsafe self.base = unsafe base
        self.began = began
        slots = Array(repeating: [], count: Self.slotCount)
        cursor = Clock.monotonic / Self.resolution
    }

    /// Puts the holder where its deadline is, if it is nearer than the place it has.
    package func schedule(_ holder: some DeadlineHolder) {
        let deadline = holder.deadline
        guard deadline != .max else { return }
        startTimer()
        let tick = tick(of: deadline)
        let slot = Int(tick % UInt64(Self.slotCount))
        if holder.deadlineTicket.isSet {
            let held = holder.deadlineTicket.slot
            guard distance(to: slot) < distance(to: held) else { return }
            remove(holder)
        }
        place(holder, slot)
    }

    /// Forgets the holder.
    package func remove(_ holder: some DeadlineHolder) {
        let ticket = holder.deadlineTicket
        guard ticket.isSet else { return }
        let last = slots[ticket.slot].removeLast()
        if ticket.index < slots[ticket.slot].count {
            slots[ticket.slot][ticket.index] = last
            last.deadlineTicket.index = ticket.index
        }
        holder.deadlineTicket = DeadlineTicket()
        count -= 1
    }

    func tearDown() {
        timer = nil
        for slot in slots { for holder in slot { holder.deadlineTicket = DeadlineTicket() } }
        slots = Array(repeating: [], count: Self.slotCount)
        count = 0
    }

    private func tick(of deadline: UInt64) -> UInt64 {
        let wanted = (deadline &+ Self.resolution - 1) / Self.resolution
        return min(max(wanted, cursor + 1), cursor + UInt64(Self.slotCount) - 1)
    }

    private func distance(to slot: Int) -> Int {
        let current = Int(cursor % UInt64(Self.slotCount))
        return (slot - current + Self.slotCount) % Self.slotCount
    }

    private func place(_ holder: any DeadlineHolder, _ slot: Int) {
        var ticket = DeadlineTicket()
        ticket.slot = slot
        ticket.index = slots[slot].count
        holder.deadlineTicket = ticket
        slots[slot].append(holder)
        count += 1
    }

    private func startTimer() {
        guard timer == nil else { return }
        cursor = Clock.monotonic / Self.resolution
        timer = unsafe LoopTimer(base: base, every: Self.resolution) { [unowned self] in turn() }
    }

    /// Visits the slots whose time has come; stops the timer when nothing is left to watch.
    private func turn() {
        let now = Clock.monotonic
        began(now)
        let end = now / Self.resolution
        let steps = min(end &- cursor, UInt64(Self.slotCount))
        cursor = max(cursor, end &- steps)
        while cursor < end {
            cursor += 1
            visit(Int(cursor % UInt64(Self.slotCount)), now)
        }
        if count == 0 { timer = nil }
    }

    private func visit(_ slot: Int, _ now: UInt64) {
        let due = slots[slot]
        guard !due.isEmpty else { return }
        for holder in due where holder.deadlineTicket.slot == slot {
            removeAny(holder)
            let deadline = holder.deadline
            if deadline <= now {
                holder.deadlinePassed(now)
            } else if deadline != .max, !holder.deadlineTicket.isSet {
                place(holder, Int(tick(of: deadline) % UInt64(Self.slotCount)))
            }
        }
    }

    private func removeAny(_ holder: any DeadlineHolder) { remove(holder) }
}
