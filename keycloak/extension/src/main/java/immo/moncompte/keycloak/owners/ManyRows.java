package immo.moncompte.keycloak.owners;

import jakarta.persistence.EntityManager;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hibernate.Session;
import org.keycloak.connections.jpa.util.JpaUtils;

/**
 * Many rows with one statement, which takes an array in place of a parameter a value: it is the
 * same however many there are, so that nobody has to understand it anew. In SQL, because Hibernate
 * needs longer to put such a statement together than PostgreSQL to carry it out.
 */
final class ManyRows {

  /** The texts of a collection, one a row, as {@code asked.text}. */
  static final String EACH = "unnest(cast(? as varchar array)) as asked(text)";

  private static final String TEXT = "varchar";

  private static final Pattern TABLE = Pattern.compile("\\{(\\w+)}");

  private final EntityManager entities;

  ManyRows(EntityManager entities) {
    this.entities = entities;
  }

  /** What is made of a row of an answer. */
  interface Reader {
    void read(ResultSet row) throws SQLException;
  }

  /**
   * Reads every row of an answer.
   *
   * @param sql names tables so: <code>{user_entity}</code>; {@code … = any(?)} and {@link #EACH}
   *     take a collection of texts
   * @param parameters texts, and collections of texts
   */
  void read(String sql, Reader reader, Object... parameters) {
    entities.flush(); // what was changed through the model is asked about, too
    session()
        .doWork(
            connection -> {
              askIndexes(connection);
              try (PreparedStatement statement = connection.prepareStatement(withTables(sql))) {
                for (int i = 0; i < parameters.length; i++) {
                  set(statement, i + 1, parameters[i]);
                }
                try (ResultSet rows = statement.executeQuery()) {
                  while (rows.next()) {
                    reader.read(rows);
                  }
                }
              }
            });
  }

  /**
   * Has PostgreSQL look up row by row in the index that has their order, until the transaction
   * ends, whatever its statistics say. A load fills tables within seconds, and the plan that was
   * right for empty ones goes through all rows for each that is asked for. So a question put here
   * names an order that only the right index has, and a range: of what is equal there is no order.
   */
  private static void askIndexes(Connection connection) throws SQLException {
    if (isPostgreSql(connection)) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("set local enable_seqscan = off; set local enable_sort = off");
      }
    }
  }

  private static boolean isPostgreSql(Connection connection) throws SQLException {
    return "PostgreSQL".equals(connection.getMetaData().getDatabaseProductName());
  }

  private static void set(PreparedStatement statement, int at, Object value) throws SQLException {
    if (value instanceof Collection<?> values) {
      String[] texts = values.toArray(new String[0]);
      statement.setArray(at, statement.getConnection().createArrayOf(TEXT, texts));
    } else {
      statement.setString(at, (String) value);
    }
  }

  /** Whether the database takes a {@link Table} by arrays: PostgreSQL does. */
  boolean canInsert() {
    return session().doReturningWork(ManyRows::isPostgreSql);
  }

  /** Inserts rows, an array a column. */
  <T> void insert(Table<T> table, List<T> rows) {
    if (!rows.isEmpty()) {
      String name = inSchema(table.name);
      session().doWork(connection -> table.insert(connection, name, rows));
    }
  }

  private String withTables(String sql) {
    return TABLE
        .matcher(sql)
        .replaceAll(found -> Matcher.quoteReplacement(inSchema(found.group(1))));
  }

  /** A table's name with the schema that Keycloak is told to use ({@code db-schema}), if it is. */
  private String inSchema(String table) {
    return JpaUtils.getTableNameForNativeQuery(table, entities);
  }

  private Session session() {
    return entities.unwrap(Session.class);
  }

  /**
   * A table, and what its columns hold of a row.
   *
   * @param <T> what a row is made of
   */
  static final class Table<T> {

    private final String name;
    private final List<Column<T>> columns = new ArrayList<>();

    /**
     * @param array makes an array of the column's type, which the driver sends as it is
     */
    private record Column<T>(
        String name, String type, IntFunction<Object[]> array, Function<T, Object> value) {}

    Table(String name) {
      this.name = name;
    }

    Table<T> text(String column, Function<T, Object> value) {
      return with(column, TEXT, String[]::new, value);
    }

    Table<T> bool(String column, Function<T, Object> value) {
      return with(column, "bool", Boolean[]::new, value);
    }

    Table<T> whole(String column, Function<T, Object> value) {
      return with(column, "int8", Long[]::new, value);
    }

    private Table<T> with(
        String column, String type, IntFunction<Object[]> array, Function<T, Object> value) {
      columns.add(new Column<>(column, type, array, value));
      return this;
    }

    private void insert(Connection connection, String into, List<T> rows) throws SQLException {
      List<String> names = columns.stream().map(Column::name).toList();
      String marks = String.join(", ", columns.stream().map(column -> "?").toList());
      String sql =
          "insert into "
              + into
              + " ("
              + String.join(", ", names)
              + ") select * from unnest("
              + marks
              + ")";
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        for (int i = 0; i < columns.size(); i++) {
          Column<T> column = columns.get(i);
          Object[] values = rows.stream().map(column.value()).toArray(column.array());
          statement.setArray(i + 1, connection.createArrayOf(column.type(), values));
        }
        statement.executeUpdate();
      }
    }
  }
}
