#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "impls/contract.hpp"

namespace audit::impls {

/// Every implementation of the list in impls/CMakeLists.txt, in its order, absent ones with their reason.
const std::vector<Implementation>& catalogue();

/// The implementation of that name, or nullptr.
const Implementation* find(std::string_view name);

/// The file that the implementation of that name is in, from the root of the sources; "" where there is none.
std::string_view file_of(std::string_view name);

/// How foreign targets are loaded.
struct Loading {
  double timeout = 30;  ///< seconds to wait for an answer to one call, and for the target to be loaded
};

/// Whether a TARGET is one that load() takes, not a name of the catalogue: it ends in ".so", has a '/', or begins with
/// "python:".
bool is_foreign(std::string_view target);

/// What a foreign target offers: FILE.so or python:MODULE (foreign/python/worker.py says what that may be); one of its
/// functions, FILE.so:NAME; or any function at all, declared as foreign/signature.hpp says, FILE.so:DECLARATION. An
/// Implementation, named FILE.so:NAME, for each name and map, of all formats that it promises the same in. Their
/// kernels run in worker processes, and throw Accident. Throws std::runtime_error that says in one line why it cannot
/// be loaded.
std::vector<Implementation> load(const std::string& target, const Loading& loading);

/// What came back from one row: one value for each output element, and whether the kernel wrote it.
struct Answer {
  int status = 0;  ///< what the kernel returned; not 0: not supported, nothing else holds
  std::vector<double> y;
  std::vector<bool> written;
  bool input_changed = false;
};

/// How the rows of one call lie in its arrays: in the order of outer, then inner.
struct Layout {
  Shape shape;
  Strides x, y;           ///< positive; no two elements in one place
  bool in_place = false;  ///< y is x; the strides are the same
};

/// Rows of length n one after another, which is what every function takes.
Layout contiguous(Map map, std::size_t rows, std::size_t n);

/// What came back from one call, row after row as they were asked; in place everything counts as written.
struct Answers {
  int status = 0;        ///< as Answer::status
  bool strayed = false;  ///< something was written between the elements of y
  std::size_t n = 0;     ///< output elements a row
  std::vector<double> y;
  std::vector<bool> written;
  std::vector<bool> input_changed;  ///< one a row

  /// The answer to row i.
  [[nodiscard]] Answer row(std::size_t i) const;
};

/// Asks one call: packs the rows (alike in length, temperature and tree) into the format's storage, poisons the output
/// and all that lies between the elements, calls, unpacks. In a manner that is not the ordinary one (a contiguous
/// layout, not in place) once the call has been made in that. Throws Accident.
Answers ask(const Implementation& implementation, const Format& format, std::span<const Row* const> rows,
            const Layout& layout, const Manner& manner = {});
Answers ask(const Implementation& implementation, const Format& format, const std::vector<Row>& rows,
            const Layout& layout, const Manner& manner = {});

/// Asks one row, as a contiguous batch of one. Throws Accident, which names the row.
Answer ask(const Implementation& implementation, const Format& format, const Row& row, const Manner& manner = {});

}  // namespace audit::impls
