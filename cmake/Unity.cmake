# The files of a room are compiled in batches, several as one: what they share is read, and templates are made, once.
# After a change of one file all files of its batch are compiled again, so only a build from nothing gains.
option(DEID_UNITY "Compile several files of a room as one" OFF)
# Files of a batch. With more, a compiler takes more memory, and fewer compilers share the work.
set(DEID_UNITY_BATCH 16)

# deid_batches(out files...): the files of a room, in the order of their batches. The shell of an element names its debug
# category by a macro, which no other file may see: the shell stands last.
function(deid_batches out)
  set(shells ${ARGN})
  list(FILTER shells INCLUDE REGEX "(^|/)gst[a-z]+\\.cpp$")
  set(others ${ARGN})
  list(FILTER others EXCLUDE REGEX "(^|/)gst[a-z]+\\.cpp$")
  set(${out} ${others} ${shells} PARENT_SCOPE)
  list(LENGTH shells count)
  if(count GREATER 1)
    set_source_files_properties(${shells} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  endif()
endfunction()

# deid_unite(room): compiles the room in batches.
function(deid_unite room)
  if(DEID_UNITY)
    set_target_properties(${room} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${DEID_UNITY_BATCH})
    # GCC takes a file of a batch for a header, and warns of a type there that only this file has. It inlines more of the
    # libraries' code into a batch, and warns of paths there that no call takes; builds without batches keep these warnings.
    target_compile_options(${room} PRIVATE
      $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage;-Wno-maybe-uninitialized;-Wno-stringop-truncation>)
  endif()
endfunction()
