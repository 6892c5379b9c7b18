cmake_policy(VERSION 3.25)

# softmax_audit_add_test(NAME name TARGET library [SYMBOL function SIGNATURE declaration] [MAP map] [FORMAT format]
#                        [SEED seed] [EFFORT effort] [TIMEOUT seconds])
#
# The test `name` audits a SHARED or MODULE library: the function SYMBOL that it exports, called as SIGNATURE says
# ("void (const f32 *x, f32 *y, size_t rows, size_t n)"), or, without SYMBOL, all that it offers by plugin.h. MAP,
# FORMAT, SEED and EFFORT are those of `softmax-audit check`; TIMEOUT is for the whole test, in place of ctest's own.
#
# It fails where something falls short and where nothing could be asked, and prints the findings. softmax-audit/NAME in
# the current binary directory then has them as findings.json, and all that `check --out` writes: the page, report.md,
# junit.xml, findings.sarif, records.csv. It has the label softmax_audit. It keeps all cores busy, so nothing runs beside
# it.
function(softmax_audit_add_test)
  cmake_parse_arguments(PARSE_ARGV 0 AUDIT "" "NAME;TARGET;SYMBOL;SIGNATURE;MAP;FORMAT;SEED;EFFORT;TIMEOUT" "")
  _softmax_audit_objection(objection)
  if(objection)
    message(FATAL_ERROR "softmax_audit_add_test: ${objection}")
  endif()

  set(directory ${CMAKE_CURRENT_BINARY_DIR}/softmax-audit/${AUDIT_NAME})
  file(MAKE_DIRECTORY ${directory})
  set(options --json ${directory}/findings.json --out ${directory})
  foreach(option IN ITEMS SYMBOL SIGNATURE MAP FORMAT SEED EFFORT)
    if(NOT "${AUDIT_${option}}" STREQUAL "")
      string(TOLOWER ${option} flag)
      string(REPLACE ";" "\\;" value "${AUDIT_${option}}")
      list(APPEND options --${flag} "${value}")
    endif()
  endforeach()
  set(program softmax_audit::softmax-audit)
  add_test(NAME ${AUDIT_NAME} COMMAND ${program} check $<TARGET_FILE:${AUDIT_TARGET}> ${options})
  set_tests_properties(${AUDIT_NAME} PROPERTIES RUN_SERIAL TRUE LABELS softmax_audit
                       ENVIRONMENT SOFTMAX_AUDIT_PROGRAM=$<TARGET_FILE:${program}>) # of the line that replays a finding
  if(AUDIT_TIMEOUT)
    set_tests_properties(${AUDIT_NAME} PROPERTIES TIMEOUT ${AUDIT_TIMEOUT})
  endif()
endfunction()

# What is wrong with the arguments, and what to do; empty: nothing.
function(_softmax_audit_objection result)
  set(type "")
  if(TARGET "${AUDIT_TARGET}")
    get_target_property(type ${AUDIT_TARGET} TYPE)
  endif()
  set(objection "")
  if(NOT TARGET softmax_audit::softmax-audit)
    set(objection "the program is not known in this directory; call find_package(softmax_audit) here or above")
  elseif(NOT "${AUDIT_UNPARSED_ARGUMENTS}" STREQUAL "")
    string(CONCAT objection "'${AUDIT_UNPARSED_ARGUMENTS}' is no argument of it; give NAME, TARGET, SYMBOL, "
                            "SIGNATURE, MAP, FORMAT, SEED, EFFORT, TIMEOUT, and one value to each (a SIGNATURE in "
                            "quotes)")
  elseif(AUDIT_KEYWORDS_MISSING_VALUES)
    set(objection "${AUDIT_KEYWORDS_MISSING_VALUES} has no value; give one, or leave it out")
  elseif("${AUDIT_NAME}" STREQUAL "")
    set(objection "there is no NAME; say what the test is called")
  elseif("${AUDIT_TARGET}" STREQUAL "")
    set(objection "there is no TARGET; name the SHARED or MODULE library to audit")
  elseif(NOT TARGET "${AUDIT_TARGET}")
    set(objection "TARGET ${AUDIT_TARGET} does not exist; call this after the add_library that makes it")
  elseif(NOT type MATCHES "^(SHARED|MODULE)_LIBRARY$")
    string(CONCAT objection "TARGET ${AUDIT_TARGET} is of type ${type}, which cannot be loaded; make it SHARED or "
                            "MODULE: add_library(${AUDIT_TARGET} SHARED …)")
  elseif(NOT "${AUDIT_SYMBOL}" STREQUAL "" AND "${AUDIT_SIGNATURE}" STREQUAL "")
    string(CONCAT objection "SYMBOL ${AUDIT_SYMBOL} has no SIGNATURE; say how it is called, as \"void (const f32 *x, "
                            "f32 *y, size_t rows, size_t n)\"")
  elseif("${AUDIT_SYMBOL}" STREQUAL "" AND NOT "${AUDIT_SIGNATURE}" STREQUAL "")
    set(objection "there is a SIGNATURE, but no SYMBOL; name the function that is called so")
  elseif(NOT "${AUDIT_TIMEOUT}" MATCHES "^([0-9.]*[1-9][0-9.]*)?$")
    set(objection "TIMEOUT ${AUDIT_TIMEOUT} is no time; give seconds, more than 0")
  endif()
  set(${result} "${objection}" PARENT_SCOPE)
endfunction()
