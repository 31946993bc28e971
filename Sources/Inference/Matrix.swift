import Foundation

/// Zeroed memory for numbers, aligned to a cache line and freed with its last owner.
///
/// Threads of one computation share a buffer and write disjoint parts of it; whoever splits the work keeps the parts
/// apart. Every access from Swift is checked against `count`; kernels get their ranges from checked `Matrix` shapes.
@safe package final class Buffer<Element: BitwiseCopyable>: @unchecked Sendable {
    package let count: Int
    /// Unsafe: lives exactly as long as the buffer, which every `Matrix` and every kernel call holds.
    let base: UnsafeMutablePointer<Element>

    /// - Parameter count: elements; in large buffers, pages that are never touched take no memory.
    package init(_ count: Int) {
        precondition(count >= 0)
        self.count = count
        let bytes = max(1, count * MemoryLayout<Element>.stride)
        var raw: UnsafeMutableRawPointer?
        if bytes >= Buffer.mappedBytesMin {
            unsafe raw = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
            if unsafe raw == MAP_FAILED { unsafe raw = nil }
        } else if unsafe posix_memalign(&raw, 64, bytes) == 0, let block = unsafe raw {
            unsafe memset(block, 0, bytes)
        }
        guard let block = unsafe raw else { fatalError("no memory for \(bytes) bytes") }
        unsafe base = block.bindMemory(to: Element.self, capacity: max(1, count))
    }

    package convenience init(_ elements: [Element]) {
        self.init(elements.count)
        unsafe elements.withUnsafeBufferPointer { source in
            // An empty array has no address; otherwise both sides hold `count` elements.
            guard let start = source.baseAddress else { return }
            unsafe base.update(from: start, count: source.count)
        }
    }

    deinit {
        let bytes = max(1, count * MemoryLayout<Element>.stride)
        // The way it was obtained: by size.
        if bytes >= Buffer.mappedBytesMin { unsafe munmap(base, bytes) } else { unsafe free(base) }
    }

    /// Buffers of at least this many bytes are mapped on their own, page by page as they are touched.
    private static var mappedBytesMin: Int { 1 << 20 }

    package subscript(index: Int) -> Element {
        get {
            precondition(index >= 0 && index < count)
            return unsafe base[index]  // checked above
        }
        set {
            precondition(index >= 0 && index < count)
            unsafe base[index] = newValue  // checked above
        }
    }

    package var array: [Element] { unsafe Array(UnsafeBufferPointer(start: base, count: count)) }
}

/// Rows of numbers in a buffer, `[rows, columns]`, `stride` elements from row to row.
package struct Matrix<Element: BitwiseCopyable>: Sendable {
    package let buffer: Buffer<Element>
    package let offset: Int
    package let rows: Int
    package let columns: Int
    package let stride: Int

    package init(rows: Int, columns: Int) {
        self.init(Buffer(rows * columns), rows: rows, columns: columns)
    }

    /// A view of `buffer`; traps when its last element lies outside. Rows overlap where `stride` is less than `columns`.
    package init(_ buffer: Buffer<Element>, offset: Int = 0, rows: Int, columns: Int, stride: Int? = nil) {
        let stride = stride ?? columns
        precondition(offset >= 0 && rows >= 0 && columns >= 0 && stride >= 0)
        precondition(rows == 0 || offset + (rows - 1) * stride + columns <= buffer.count, "view past its buffer")
        self.buffer = buffer
        self.offset = offset
        self.rows = rows
        self.columns = columns
        self.stride = stride
    }

    package subscript(row: Int, column: Int) -> Element {
        get {
            precondition(row >= 0 && row < rows && column >= 0 && column < columns)
            return buffer[offset + row * stride + column]
        }
        nonmutating set {
            precondition(row >= 0 && row < rows && column >= 0 && column < columns)
            buffer[offset + row * stride + column] = newValue
        }
    }

    package func rows(_ range: Range<Int>) -> Matrix {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows)
        return Matrix(
            buffer, offset: offset + range.lowerBound * stride, rows: range.count, columns: columns, stride: stride)
    }

    package func columns(_ range: Range<Int>) -> Matrix {
        precondition(range.lowerBound >= 0 && range.upperBound <= columns)
        return Matrix(buffer, offset: offset + range.lowerBound, rows: rows, columns: range.count, stride: stride)
    }

    /// The address of the first element; for kernels, which stay inside the shape the view was checked for.
    @unsafe var start: UnsafeMutablePointer<Element> { unsafe buffer.base + offset }

    /// One row as an array.
    package func row(_ index: Int) -> [Element] {
        precondition(index >= 0 && index < rows)
        return unsafe Array(UnsafeBufferPointer(start: start + index * stride, count: columns))
    }

    /// All elements row by row, without the gaps of the stride.
    package var array: [Element] { (0..<rows).flatMap { row($0) } }

    /// Copies `values` to the start of a row.
    package func setRow(_ index: Int, _ values: [Element]) {
        precondition(index >= 0 && index < rows && values.count <= columns)
        unsafe values.withUnsafeBufferPointer { source in
            guard let from = source.baseAddress else { return }
            unsafe (start + index * stride).update(from: from, count: source.count)
        }
    }

    /// Copies rows of the same width from another matrix.
    package func copy(from other: Matrix) {
        precondition(rows == other.rows && columns == other.columns)
        for row in 0..<rows {
            // Same width, both views checked; rows of different matrices do not overlap.
            unsafe (start + row * stride).update(from: other.start + row * other.stride, count: columns)
        }
    }
}

extension Matrix {
    /// Sets columns of one row to `value`.
    package func fill(_ value: Element, row: Int, columns range: Range<Int>) {
        precondition(row >= 0 && row < rows && range.lowerBound >= 0 && range.upperBound <= columns)
        guard !range.isEmpty else { return }
        unsafe (start + row * stride + range.lowerBound).update(repeating: value, count: range.count)
    }
}
