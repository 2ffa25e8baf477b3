// What comes along to a Python that runs somebody's edit of microgpt.py, so that it can tell what went wrong there.

import causes from "../../py/causes.py";
import characters from "../../py/characters.py";
import checkedLesson from "../../py/checked_lesson.py";
import edited from "../../py/edited.py";
import errorReport from "../../py/error_report.py";
import explained from "../../py/explained.py";
import pasted from "../../py/pasted.py";

export const TELLS_ERRORS = {
  "py/causes.py": causes,
  "py/characters.py": characters,
  "py/checked_lesson.py": checkedLesson,
  "py/edited.py": edited,
  "py/error_report.py": errorReport,
  "py/explained.py": explained,
  "py/pasted.py": pasted,
};
