// What Swift cannot import from hdf5.h: macros that call H5open(), and names that differ between
// releases of the library (1.8 to 2.x). Everything else is used as it is.
#ifndef CHDF5_SHIM_H
#define CHDF5_SHIM_H

#include <hdf5.h>

// Constants that are macros.
static inline hid_t ch5_default(void) { return H5P_DEFAULT; }
static inline hid_t ch5_all(void) { return H5S_ALL; }
static inline hid_t ch5_error_stack(void) { return H5E_DEFAULT; }
static inline hid_t ch5_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t ch5_file_creation(void) { return H5P_FILE_CREATE; }
static inline hid_t ch5_group_creation(void) { return H5P_GROUP_CREATE; }
static inline hid_t ch5_link_creation(void) { return H5P_LINK_CREATE; }
static inline hid_t ch5_dataset_creation(void) { return H5P_DATASET_CREATE; }
static inline hid_t ch5_dataset_transfer(void) { return H5P_DATASET_XFER; }
static inline unsigned ch5_read_only(void) { return H5F_ACC_RDONLY; }
static inline unsigned ch5_read_write(void) { return H5F_ACC_RDWR; }
static inline unsigned ch5_truncate(void) { return H5F_ACC_TRUNC; }
static inline unsigned ch5_exclusive(void) { return H5F_ACC_EXCL; }
static inline hid_t ch5_c_string(void) { return H5T_C_S1; }
static inline size_t ch5_variable(void) { return H5T_VARIABLE; }

// Creation order is kept and indexed, as h5py's track_order does.
static inline unsigned ch5_tracked(void) { return H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED; }

// A predefined integer type, or -1.
static inline hid_t ch5_integer(int size, int is_signed, int big) {
  switch (size) {
    case 1: return is_signed ? H5T_STD_I8LE : H5T_STD_U8LE;
    case 2:
      return is_signed ? (big ? H5T_STD_I16BE : H5T_STD_I16LE)
                       : (big ? H5T_STD_U16BE : H5T_STD_U16LE);
    case 4:
      return is_signed ? (big ? H5T_STD_I32BE : H5T_STD_I32LE)
                       : (big ? H5T_STD_U32BE : H5T_STD_U32LE);
    case 8:
      return is_signed ? (big ? H5T_STD_I64BE : H5T_STD_I64LE)
                       : (big ? H5T_STD_U64BE : H5T_STD_U64LE);
    default: return -1;
  }
}

// A predefined IEEE type, or -1.
static inline hid_t ch5_float(int size, int big) {
  switch (size) {
    case 4: return big ? H5T_IEEE_F32BE : H5T_IEEE_F32LE;
    case 8: return big ? H5T_IEEE_F64BE : H5T_IEEE_F64LE;
    default: return -1;
  }
}

// The oldest format that can hold the contents, or the newest.
static inline herr_t ch5_set_format(hid_t access, int latest) {
  return H5Pset_libver_bounds(
      access, latest ? H5F_LIBVER_LATEST : H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST);
}

// Locks files where the file system can, and does without where it cannot.
static inline herr_t ch5_set_locking(hid_t access) {
#if H5_VERSION_GE(1, 10, 7) && !(H5_VERSION_GE(1, 12, 0) && !H5_VERSION_GE(1, 12, 1))
  return H5Pset_file_locking(access, 1, 1);
#else
  (void)access;
  return 0;
#endif
}

// Closing a file closes what is open in it.
static inline herr_t ch5_set_strong_close(hid_t access) {
  return H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
}

// Every open identifier of every open file, or their number when `list` is null.
static inline ssize_t ch5_open_ids(size_t capacity, hid_t *list) {
  return list == NULL ? H5Fget_obj_count((hid_t)H5F_OBJ_ALL, H5F_OBJ_ALL)
                      : H5Fget_obj_ids((hid_t)H5F_OBJ_ALL, H5F_OBJ_ALL, capacity, list);
}

typedef void (*ch5_name_visitor)(const char *name, void *context);
typedef struct {
  ch5_name_visitor visit;
  void *context;
} ch5_names;

static herr_t ch5_visit_link(
    hid_t group, const char *name, const H5L_info_t *info, void *names) {
  (void)group, (void)info;
  ((ch5_names *)names)->visit(name, ((ch5_names *)names)->context);
  return 0;
}

static herr_t ch5_visit_attribute(
    hid_t object, const char *name, const H5A_info_t *info, void *names) {
  (void)object, (void)info;
  ((ch5_names *)names)->visit(name, ((ch5_names *)names)->context);
  return 0;
}

// Calls `visit` with the name of each link of a group, by name or by creation.
static inline herr_t ch5_links(
    hid_t group, int by_creation, ch5_name_visitor visit, void *context) {
  ch5_names names = {visit, context};
  hsize_t position = 0;
  return H5Literate(group, by_creation ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME, H5_ITER_INC,
                    &position, ch5_visit_link, &names);
}

// Calls `visit` with the name of each attribute of an object, by name or by creation.
static inline herr_t ch5_attributes(
    hid_t object, int by_creation, ch5_name_visitor visit, void *context) {
  ch5_names names = {visit, context};
  hsize_t position = 0;
  return H5Aiterate2(object, by_creation ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME, H5_ITER_INC,
                     &position, ch5_visit_attribute, &names);
}

#endif
